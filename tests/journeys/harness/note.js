// A note that is kept in IndexedDB, in a shadow root, on a page that a service worker keeps.
const database = new Promise((resolve, reject) => {
  const request = indexedDB.open('notes', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('notes');
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

customElements.define('x-note', class extends HTMLElement {
  async connectedCallback() {
    const root = this.attachShadow({ mode: 'open' });
    root.innerHTML = '<label>Note <input name="note"></label> <button>Keep</button> <output></output>';
    const [input, button, output] = ['input', 'button', 'output'].map((name) => root.querySelector(name));
    button.onclick = async () => {
      const transaction = (await database).transaction('notes', 'readwrite', { durability: 'strict' });
      transaction.objectStore('notes').put(input.value, 'note');
      transaction.oncomplete = () => { output.textContent = 'kept'; };
    };
    const reading = (await database).transaction('notes').objectStore('notes').get('note');
    reading.onsuccess = () => {
      input.value = reading.result ?? '';
      this.dataset.ready = '';
    };
  }
});

await navigator.serviceWorker.register('sw.js');
await navigator.serviceWorker.ready;
document.documentElement.dataset.worker = 'ready';
