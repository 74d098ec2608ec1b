const all = (selector) => {
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.matches(selector)) found.push(element);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  return found;
};
const visible = (element) =>
  element.isConnected && element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden';
const focused = () => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
};
// The rows of a store of the kit's database, each as text: what is beside the secret, and the secret itself.
const kept = (store) =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('eform');
    // The page has not made it yet, and finds no empty one instead.
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => (opening.error.name === 'AbortError' ? resolve([]) : reject(opening.error));
    opening.onsuccess = () => {
      const database = opening.result;
      const reading = database.transaction([store, 'keys']);
      const [rows, keys] = [store, 'keys'].map((name) => reading.objectStore(name).getAll());
      reading.onabort = () => reject(reading.error);
      reading.oncomplete = () => {
        database.close();
        const bytes = (text) => new TextEncoder().encode(text);
        const told = async ({ secret, ...row }) => {
          if (store === 'files') return JSON.stringify(row);
          const key = keys.result.find(({ id }) => id === row.kid)?.key;
          const what = bytes(`${store}\n${row.key ?? row.id}`);
          const how = secret && { name: 'AES-GCM', iv: secret.slice(0, 12), additionalData: what };
          const plain = key && secret ? await crypto.subtle.decrypt(how, key, secret.slice(12)) : secret;
          return `${JSON.stringify(row)} ${plain ? new TextDecoder().decode(plain) : ''}`;
        };
        Promise.all(rows.result.map(told)).then(resolve, reject);
      };
    };
  });
