// An agency's own script, from before the kit: a button that counts, and ears for what goes wrong.
window.wrong = [];
window.told = [];
addEventListener('securitypolicyviolation', (event) => {
  wrong.push(`CSP ${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile ?? ''}`);
});
addEventListener('error', (event) => wrong.push(`error: ${event.message ?? event.target?.src}`), true);
addEventListener('unhandledrejection', (event) => wrong.push(`rejection: ${event.reason}`));
for (const type of ['error', 'warn']) {
  const say = console[type];
  console[type] = (...words) => {
    wrong.push(`console.${type}: ${words.join(' ')}`);
    say(...words);
  };
}
for (const type of ['eform-queued', 'eform-received', 'eform-attention']) {
  addEventListener(type, (event) => told.push([type, event.target.id]));
}
addEventListener('DOMContentLoaded', () => {
  const button = document.getElementById('count');
  button.addEventListener('click', () => { button.textContent = Number(button.textContent) + 1; });
});
