// What every page needs besides htmx: the address without its token, the focus after an edit, a desk that is gone.
"use strict";

if (new URLSearchParams(location.search).has("token")) {
  const address = new URL(location.href);
  address.searchParams.delete("token");
  history.replaceState(null, "", address);
}

const message = () => document.getElementById("message");

const say = text => {
  const line = document.createElement("p");
  line.className = "error";
  line.textContent = text;
  message().replaceChildren(line);
};

document.addEventListener("htmx:sendError", () => say(document.body.dataset.ended));

// The value that was edited has the focus again, so that keys alone suffice.
document.addEventListener("htmx:afterSettle", event => {
  const field = event.detail.elt.querySelector?.("[data-first]");
  if (field) {
    field.focus();
    field.select?.();
  }
});
let edited = null;
document.addEventListener("htmx:beforeRequest", event => {
  edited = event.detail.elt.closest?.("form.edit")?.dataset.focus ?? null;
});
document.addEventListener("htmx:afterRequest", () => {
  if (edited) setTimeout(() => document.getElementById(edited)?.focus(), 50);
});

// Sets that changed meanwhile wait until what is being typed is saved or given up.
let isStale = false;
const isTyping = () => document.querySelector("#sets form.edit, #sets .htmx-request");  // or has just clicked a value
document.addEventListener("htmx:beforeSwap", event => {
  if (event.detail.target.id !== "sets" || !isTyping()) return;
  event.detail.shouldSwap = false;
  isStale = true;
});
document.addEventListener("htmx:afterSettle", () => {
  if (!isStale || isTyping()) return;
  isStale = false;
  htmx.trigger(document.body, "sets-changed");
});

document.addEventListener("keydown", event => {
  const form = event.target.closest?.("form.edit");
  if (!form) return;
  if (event.key === "Escape") {
    form.querySelector(".cancel").click();
  } else if (event.key === "Enter" && event.target.tagName === "TEXTAREA" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// A file is sent as it is, however large.
document.addEventListener("click", async event => {
  const {file, to, only, target} = event.target.closest?.(".send-file")?.dataset ?? {};
  if (!file) return;
  const field = document.querySelector(file);
  if (!field.files.length) return field.click();
  const address = only ? `${to}?only=${encodeURIComponent(document.querySelector(only).value)}` : to;
  try {
    const answer = await fetch(address, {method: "POST", body: field.files[0], headers: {"hx-request": "true"}});
    const place = answer.ok ? document.querySelector(target) : message();
    htmx.swap(place, await answer.text(), {swapStyle: "innerHTML"});
  } catch {
    say(document.body.dataset.ended);
  }
});

// A page that is open says so; without any the desk may end.
const HERE_MS = 20000;
const here = () => fetch("/here").catch(() => {});
if (document.querySelector("header")) {
  here();
  setInterval(here, HERE_MS);
}
