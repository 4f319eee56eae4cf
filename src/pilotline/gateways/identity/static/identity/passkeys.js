// Passkeys: the buttons show where a passkey can work, and what goes wrong is said.
(() => {
  const byName = !/^[\d.]+$|^\[/.test(location.hostname);
  if (window.PublicKeyCredential && byName) {
    for (const part of document.querySelectorAll(".needs-passkey")) part.hidden = false;
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const note of document.querySelectorAll(".passkey-trouble")) note.hidden = false;
  });
})();
