// The plots of one set: zoom and trim by dragging; each stretch is asked for with as many points as can be seen.
"use strict";

const place = document.getElementById("plots");
const form = document.getElementById("trim");
const chosen = name => document.querySelector(`input[name=${name}]:checked`).value;
let plots = {};
let seen = null;

const drawSteps = plot => {
  const {ctx, bbox} = plot;
  ctx.save();
  ctx.strokeStyle = colour("--step");
  ctx.lineWidth = 1;
  for (const step of seen?.steps ?? []) {
    const x = Math.round(plot.valToPos(step, "x", true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
};

const select = plot => {
  if (plot.select.width < 4) return;
  const from = plot.posToVal(plot.select.left, "x");
  const to = plot.posToVal(plot.select.left + plot.select.width, "x");
  plot.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
  if (chosen("drag") === "zoom") return show(from, to);
  form.elements.trim_start_s.value = (Number(form.elements.trim_start_s.defaultValue || 0) + from - seen.first).toFixed(2);
  form.elements.trim_end_s.value = (Number(form.elements.trim_end_s.defaultValue || 0) + seen.last - to).toFixed(2);
  form.requestSubmit();
};

const build = () => {
  const label = place.dataset[chosen("along")];
  for (const plot of Object.values(plots)) plot.destroy();
  plots = {};
  for (const figure of place.querySelectorAll("figure")) {
    const plot = plotIn(figure, label, {
      cursor: {sync: {key: "set"}, drag: {x: true, y: false, setScale: false}},
      hooks: {drawAxes: [drawSteps], setSelect: [select]},
    });
    plots[figure.id.split("-").pop()] = plot;
    fit(plot, figure);
  }
};

const show = async (from, to) => {
  const asked = new URLSearchParams({along: chosen("along")});
  if (from != null) {
    asked.set("from", from);
    asked.set("to", to);
  }
  let answer;
  try {
    answer = await fetch(`/sets/${place.dataset.set}/traces?${asked}`);
  } catch {
    return say(document.body.dataset.ended);
  }
  if (!answer.ok) return say(await answer.text());
  seen = await answer.json();
  for (const [key, plot] of Object.entries(plots)) {
    plot.setData([seen[key].along, seen[key].values], false);
    plot.batch(() => {
      plot.setScale("x", {min: seen.start, max: seen.stop});
    });
  }
  place.dataset.from = seen.start;
  place.dataset.to = seen.stop;
};

const begin = () => {
  build();
  show();
};

if (place) {
  begin();
  document.getElementById("whole").addEventListener("click", () => show());
  for (const input of document.querySelectorAll("input[name=along]")) input.addEventListener("change", () => {
    const isTime = chosen("along") === "time";
    const trims = document.querySelector("input[name=drag][value=trim]");
    trims.disabled = !isTime;  // a trim is in seconds
    if (!isTime) document.querySelector("input[name=drag][value=zoom]").checked = true;
    begin();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", begin);
}
// An undone trim changes every number of the page.
document.body.addEventListener("sets-changed", () => location.replace(location.pathname));
