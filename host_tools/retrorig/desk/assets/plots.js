// One look for all plots: lines of uPlot in the page's colours.
"use strict";

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const axis = (label, size) => ({
  label, size, labelSize: 20, stroke: colour("--ink"), grid: {stroke: colour("--line"), width: 1},
  ticks: {stroke: colour("--line")},
});

const line = (label, name, width = 1.5) => ({
  label, stroke: colour(name), width, points: {show: false}, spanGaps: false,
  value: (plot, value) => value == null ? "–" : value.toFixed(2),
});

const plotIn = (figure, xLabel, options) => new uPlot({
  width: Math.max(240, figure.clientWidth), height: 190,
  scales: {x: {time: false}},
  legend: {live: true},
  series: [{label: xLabel}, line(figure.dataset.label, "--line-" + figure.id.split("-").pop())],
  axes: [axis(xLabel, 40), axis(figure.dataset.label, 54)],
  ...options,
}, null, figure);

const fit = (plot, figure) => new ResizeObserver(() =>
  plot.setSize({width: Math.max(240, figure.clientWidth), height: plot.height})).observe(figure);
