// What is nicer with script. Every page works without it.

document.documentElement.classList.add("js");

// Said aloud to those who do not see the change.
const say = (words) => {
  const line = document.createElement("p");
  line.className = "visually-hidden";
  line.textContent = words;
  document.getElementById("messages")?.append(line);
};

// Errors of a form are read first.
const focusFirst = (root) => {
  const target = root.querySelector("[data-focus]:not([data-specimen] *)");
  if (target) target.focus();
};
focusFirst(document);

// A form is sent once: a second press does nothing until the page has changed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.setAttribute("aria-busy", "true");
  }
});

// Coming back with the browser's back button: forms can be sent again.
const release = (root) => {
  for (const form of root.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const busy of root.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
};
window.addEventListener("pageshow", (event) => {
  if (event.persisted) release(document);
});

// Counters: +1 and −, within the field's own limits.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const field = document.getElementById(button.dataset.for);
  const least = field.min === "" ? -Infinity : Number(field.min);
  const most = field.max === "" ? Infinity : Number(field.max);
  field.value = Math.min(most, Math.max(least, (Number(field.value) || 0) + Number(button.dataset.step)));
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

// Copying: the button says that it is done.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const text = "value" in source ? source.value : source.textContent;
  try {
    await navigator.clipboard.writeText(text.trim());
  } catch {
    source.select?.();
    return;
  }
  if (button.dataset.done) {
    button.textContent = button.dataset.done;
    say(button.dataset.done);
  }
});

// A filter sends itself when a choice changes; typing waits for Enter or the button.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) {
    form.requestSubmit();
  }
});

// Printing from a button.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// Drop-down boxes close on Escape and on a press elsewhere.
const closeDrops = (except) => {
  for (const box of document.querySelectorAll(".drop[open], .menu-more[open]")) {
    if (box !== except) box.open = false;
  }
};
document.addEventListener("click", (event) => closeDrops(event.target.closest(".drop, .menu-more")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector(".drop[open], .menu-more[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// After HTMX has changed a part: focus goes where the eye goes, forms can be sent again.
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  release(document);
  if (part && part.querySelector) focusFirst(part);
});
document.addEventListener("htmx:responseError", () => release(document));
document.addEventListener("htmx:sendError", () => release(document));
