// One look for all plots: lines of uPlot in the page's colours.
"use strict";

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const axis = (label, size) => ({
  label, size, labelSize: 20, stroke: colour("--ink"), grid: {stroke: colour("--line"), width: 1},
  ticks: {stroke: colour("--line")},
});

const plotIn = (figure, xLabel, options) => new uPlot({
  width: Math.max(240, figure.clientWidth), height: 190,
  scales: {x: {time: false}},
  legend: {live: true},
  series: [{label: xLabel}, {
    label: figure.dataset.label, stroke: colour("--line-" + figure.id.split("-").pop()), width: 1.5,
    points: {show: false}, spanGaps: false,
    value: (plot, value) => value == null ? "–" : value.toFixed(2),
  }],
  axes: [axis(xLabel, 40), axis(figure.dataset.label, 54)],
  ...options,
}, [[], []], figure);

const fit = (plot, figure) => new ResizeObserver(() =>
  plot.setSize({width: Math.max(240, figure.clientWidth), height: plot.height})).observe(figure);
