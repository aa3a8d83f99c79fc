// The rig's moments as they come: texts in their places, the last seconds as traces.
"use strict";

const SPAN_S = 12;
const at = name => document.getElementById(name);
const traces = {};
let points = {};

const put = (name, text) => {
  if (at(name).textContent !== text) at(name).textContent = text;  // a screen reader hears changes alone
};

const band = (name, ends, where) => {
  const words = at("live").dataset;
  const asked = ends ? `${words.band} ${ends[0]}–${ends[1]}` : "";
  put(`${name}-place`, [where && words[where], asked].filter(Boolean).join(", "));
  at(`${name}-place`).className = `place place-${where || "none"}`;
};

const add = (name, time, value) => {
  const [times, values] = points[name] ??= [[], []];
  if (times.length && time < times[times.length - 1]) times.length = values.length = 0;  // the rig began anew
  times.push(time);
  values.push(value);
  while (times[0] < time - SPAN_S) {
    times.shift();
    values.shift();
  }
  traces[name].setData([times.map(t => t - time), values], false);
  const known = values.filter(v => v != null);
  traces[name].setScale("x", {min: -SPAN_S, max: 0});
  traces[name].setScale("y", {min: Math.min(0, ...known), max: Math.max(0.5, ...known) * 1.05});
};

const told = moment => {
  for (const name of ["number", "caption", "athlete", "position", "state"]) put(name, moment[name]);
  put("next", moment.next ? `${at("live").dataset.next} ${moment.next}` : "");
  for (const name of ["speed", "force", "cadence"]) band(name, moment[`${name}_band`], moment[`${name}_place`]);
  put("speed", moment.speed.toFixed(2));
  put("force", moment.force == null ? "–" : moment.force.toFixed(0));
  put("cadence", moment.cadence == null ? "–" : moment.cadence);
  put("ahead", moment.ahead == null ? "–" : (moment.ahead < 0 ? "−" : "+") + Math.abs(moment.ahead).toFixed(1));
  put("pace", moment.pace);
  at("pace-line").hidden = !moment.pace;
  put("trouble", moment.trouble);
  at("trouble").hidden = !moment.trouble;
  at("share").hidden = moment.share == null;
  if (moment.share != null) at("share").value = moment.share;
  add("speed", moment.at_s, moment.speed);
  add("force", moment.at_s, moment.force);
  requestAnimationFrame(() => {
    at("live").dataset.age = (moment.age_ms + Date.now() - moment.sent_ms).toFixed(0);
  });
};

const lost = text => {
  put("state", `${at("live").dataset.waiting}. ${text}`);
  at("live").classList.add("is-waiting");
};

for (const name of ["speed", "force"]) {
  const figure = at(`trace-${name}`);
  traces[name] = plotIn(figure, "s", {legend: {show: false}, cursor: {show: false}, height: 150});
  fit(traces[name], figure);
}
const stream = new EventSource(`/live/stream?port=${encodeURIComponent(at("live").dataset.port)}`);
stream.onmessage = event => {
  const moment = JSON.parse(event.data);
  if (moment.kind === "lost") return lost(moment.state);
  at("live").classList.remove("is-waiting");
  if (moment.kind === "told") told(moment);
};
stream.onerror = () => lost(document.body.dataset.ended);
addEventListener("pagehide", () => stream.close());

at("full").addEventListener("click", () =>
  document.fullscreenElement ? document.exitFullscreen() : at("live").requestFullscreen());
