// The plots of one set: zoom and trim by dragging; each stretch is asked for with as many points as can be seen.
"use strict";

const place = document.getElementById("plots");
const form = document.getElementById("trim");
const chosen = name => document.querySelector(`input[name=${name}]:checked`).value;
const OTHERS = ["--other-1", "--other-2", "--other-3", "--other-4", "--other-5"];
let plots = {};
let seen = null;

const across = (plot, from, to, fill) => {
  const [low, high] = [from, to].map(x => plot.valToPos(x, "x", true));
  const left = Math.max(low, plot.bbox.left);
  const right = Math.min(high, plot.bbox.left + plot.bbox.width);
  if (right <= left) return;
  plot.ctx.fillStyle = fill;
  plot.ctx.fillRect(left, plot.bbox.top, right - left, plot.bbox.height);
};

const drawMarks = plot => {
  const {ctx, bbox} = plot;
  ctx.save();
  for (const span of seen?.spans ?? []) across(plot, span.start, span.stop, colour(`--${span.kind}`));
  ctx.lineWidth = 1;
  (seen?.steps ?? []).forEach((step, number) => {
    const isOther = seen.foot && seen.feet[number];
    ctx.strokeStyle = colour("--step");
    ctx.setLineDash(isOther ? [4, 4] : []);
    const x = Math.round(plot.valToPos(step, "x", true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  });
  ctx.restore();
};

const select = plot => {
  if (plot.select.width < 4) return;
  const from = plot.posToVal(plot.select.left, "x");
  const to = plot.posToVal(plot.select.left + plot.select.width, "x");
  plot.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
  if (chosen("drag") === "zoom") return show(from, to);
  const end = Math.max(...seen.spans.filter(span => span.kind === "coast").map(span => seen.last - span.start), 0);
  form.elements.trim_start_s.value = (Number(form.elements.trim_start_s.defaultValue || 0) + from - seen.first).toFixed(2);
  form.elements.trim_end_s.value =
    (Number(form.elements.trim_end_s.defaultValue || 0) + Math.max(0, seen.last - end - to)).toFixed(2);
  form.requestSubmit();
};

const build = names => {
  const label = place.dataset[chosen("along")];
  for (const plot of Object.values(plots)) plot.destroy();
  plots = {};
  for (const figure of place.querySelectorAll("figure")) {
    const key = figure.id.split("-").pop();
    const own = names.length ? `${place.dataset.own}: ${figure.dataset.label}` : figure.dataset.label;
    const plot = plotIn(figure, label, {
      cursor: {sync: {key: "set"}, drag: {x: true, y: false, setScale: false}},
      hooks: {drawAxes: [drawMarks], setSelect: [select]},
      series: [{label}, line(own, `--line-${key}`), ...names.map((name, number) => line(name, OTHERS[number], 1))],
    });
    plots[key] = plot;
    fit(plot, figure);
  }
  place.dataset.names = JSON.stringify(names);
};

const others = () => new FormData(document.getElementById("overlay")).getAll("with").filter(text => text.trim());

const show = async (from, to) => {
  const asked = new URLSearchParams({along: chosen("along")});
  for (const other of others()) asked.append("with", other);
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
  if (!answer.ok) return say((await answer.text()).replace(/<[^>]*>/g, "").trim());
  seen = await answer.json();
  const names = seen.others.map(other => other.name);
  if (JSON.stringify(names) !== place.dataset.names) build(names);
  for (const [key, plot] of Object.entries(plots)) {
    const lines = [seen, ...seen.others].map(each => [each[key].along, each[key].values]);
    plot.setData(lines.length > 1 ? uPlot.join(lines) : lines[0], false);
    plot.batch(() => {
      plot.setScale("x", {min: seen.start, max: seen.stop});
    });
  }
  place.dataset.from = seen.start;
  place.dataset.to = seen.stop;
  place.dataset.lines = seen.others.length + 1;
};

const begin = () => {
  build([]);
  show();
};

if (place) {
  begin();
  document.getElementById("whole").addEventListener("click", () => show());
  document.getElementById("stretch").addEventListener("submit", event => {
    event.preventDefault();
    const ends = new FormData(event.target);
    const [from, to] = ["from", "to"].map(name => Number(ends.get(name).replace(",", ".")));
    show(from || 0, to > from ? to : seen.last);
  });
  document.getElementById("overlay").addEventListener("submit", event => {
    event.preventDefault();
    show();
  });
  for (const input of document.querySelectorAll("input[name=along]")) input.addEventListener("change", () => {
    const isTime = chosen("along") === "time";
    const trims = document.querySelector("input[name=drag][value=trim]");
    trims.disabled = !isTime;  // a trim is in seconds
    if (!isTime) document.querySelector("input[name=drag][value=zoom]").checked = true;
    begin();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", begin);
}
// An undone trim or foot changes every number of the page.
document.body.addEventListener("sets-changed", () => location.replace(location.pathname));
