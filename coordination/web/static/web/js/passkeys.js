// Words around allauth's passkey scripts: what to do when the device or the person says no.

const show = (name) => {
  for (const words of document.querySelectorAll(`[data-passkey-${name}]`)) words.hidden = false;
};

// allauth only writes to the console, which nobody reads.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  show("failed");
  document.querySelector("[data-passkey-failed]")?.focus();
});

if (!window.PublicKeyCredential) {
  show("unknown");
  for (const button of document.querySelectorAll("[data-passkey]")) button.disabled = true;
}

// Enter in a field does what the button does: without the key's answer there is nothing to send.
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("button[data-passkey][type=button]");
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  button.click();
}, true);
