"""A bank of smoothing splines on evenly spaced samples, from one that follows everything to one that hardly bends.

The spline of order p and stiffness L minimises sum (y - x)^2 + L * integral (d^p x / dt^p)^2, time in samples. It is
the Rauch-Tung-Striebel smoother of a movement whose p-th derivative is white noise (G. Wahba, J. R. Statist. Soc. B
40(3), 1978), and away from the ends one fixed symmetric kernel with the transfer function S / (S + L), where S is the
sampled spectrum of the movement: the sum of 1 / (w + 2 pi k)^(2p) over all k. Its slope has i (w + 2 pi k) in the sum.
So a bank is one Fourier transform forth and one back for each member. Towards the ends the kernel runs out of data;
there the data are continued by the polynomial of order p that fits the last of them best.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Spline = tuple[int, float]
"""Order, and the stiffness' decimal logarithm."""

END_N = 96
"""Samples next to an end that are computed by matrices; the softest spline reaches as far."""

SEEN_N = 2 * END_N
"""Samples that such a matrix looks at; fewer make no bank."""

_ALIASES = 2 * np.pi * np.arange(-8, 9)[:, None]
_BLOCK_N = 1024
_CONTINUED_BY = 2.4
"""The polynomial is fitted to this many widths of the spline, times its order."""


@dataclass(frozen=True)
class Bank:
    """Splines from soft to stiff, each with the softer one that it is compared with (itself for the first).

    gains: of white noise of variance 1, the variance of each spline's output. differences: the same for what a spline
    differs from the one that it is compared with. levels: of that difference, the variance in the value, not the slope.
    The arrays have a row for each spline and a column for each of END_N samples from an end, and one for all others.
    """

    splines: tuple[Spline, ...]
    softer: NDArray[np.intp]
    gains: Floats
    differences: Floats
    levels: Floats


def outputs(values: Floats, splines: tuple[Spline, ...], slope: bool) -> Floats:
    """Each spline's value or slope per sample at each sample; a row for each spline. At least SEEN_N values.

    Block by block, each with END_N more on both sides; its own straight line is taken out and put back, so that
    its ends meet.
    """
    n = len(values)
    found = _blockwise(values, splines, slope)
    level = values[0] + (values[-1] - values[0]) * np.arange(n) / (n - 1)
    rest = values - level
    back = (values[-1] - values[0]) / (n - 1) if slope else level
    back_start, back_end = (back, back) if slope else (level[:END_N], level[n - END_N :])
    start, end = _end_matrices(splines, slope)
    found[:, :END_N] = start @ rest[:SEEN_N] + back_start
    found[:, n - END_N :] = end @ rest[n - SEEN_N :] + back_end
    return found


def _blockwise(values: Floats, splines: tuple[Spline, ...], slope: bool) -> Floats:
    n, inner_n = len(values), _BLOCK_N - 2 * END_N
    blocks_n = -(-n // inner_n)
    padded = np.pad(values, (END_N, END_N + blocks_n * inner_n - n), mode="reflect", reflect_type="odd")
    blocks = np.lib.stride_tricks.sliding_window_view(padded, _BLOCK_N)[::inner_n]
    slants = (blocks[:, -1:] - blocks[:, :1]) / (_BLOCK_N - 1)
    lines = blocks[:, :1] + slants * np.arange(_BLOCK_N)
    spectra = np.fft.rfft(blocks - lines)
    back = np.broadcast_to(slants, blocks.shape) if slope else lines
    found = np.empty((len(splines), blocks_n * inner_n))
    for row, transfer in zip(found, _transfers(splines, slope), strict=True):
        smooth = np.fft.irfft(spectra * transfer, _BLOCK_N) + back
        row[:] = smooth[:, END_N : END_N + inner_n].ravel()
    return found[:, :n]


@cache
def bank(chains: tuple[tuple[Spline, ...], ...], slope: bool) -> Bank:
    """The bank of these chains, in each of which a spline is compared with the one before."""
    splines: list[Spline] = []
    softer: list[int] = []
    for chain in chains:
        for number, spline in enumerate(chain):
            if spline not in splines:
                softer.append(splines.index(chain[number - 1]) if number else len(splines))
                splines.append(spline)
    members, before = tuple(splines), np.array(softer)
    rows = _rows(members, slope)
    levels = rows if not slope else _rows(members, False)
    return Bank(
        members,
        before,
        np.sum(rows**2, axis=2),
        np.sum((rows - rows[before]) ** 2, axis=2),
        np.sum((levels - levels[before]) ** 2, axis=2),
    )


def spread(gains: Floats, n: int) -> Floats:
    """A bank's gains at each of n samples: those of the ends at both ends, the last column between."""
    inner = np.broadcast_to(gains[:, -1:], (len(gains), n - 2 * END_N))
    return np.concatenate((gains[:, :END_N], inner, gains[:, END_N - 1 :: -1]), axis=1)


def _rows(splines: tuple[Spline, ...], slope: bool) -> Floats:
    """Weights of each spline at END_N samples from the start, and in the middle; the columns are samples."""
    kernels = np.fft.irfft(_transfers(splines, slope), _BLOCK_N)
    middle = np.roll(kernels, END_N, axis=1)[:, None, :SEEN_N]
    start, _ = _end_matrices(splines, slope)
    return np.concatenate((start, middle), axis=1)


@cache
def _transfers(splines: tuple[Spline, ...], slope: bool) -> NDArray[Any]:
    return np.array([_transfer(spline, slope) for spline in splines])


@cache
def _transfer(spline: Spline, slope: bool) -> NDArray[Any]:
    order, stiffness = spline[0], 10.0 ** spline[1]
    w = 2 * np.pi * np.fft.rfftfreq(_BLOCK_N)
    w[0] = 1e-6
    aliased = 1 / (w + _ALIASES)
    spectrum = np.sum(aliased ** (2 * order), axis=0)
    if not slope:
        return spectrum / (spectrum + stiffness)
    found = 1j * np.sum(aliased ** (2 * order - 1), axis=0) / (spectrum + stiffness)
    found[0] = 0.0
    return found


@cache
def _end_matrices(splines: tuple[Spline, ...], slope: bool) -> tuple[Floats, Floats]:
    """What makes the first END_N outputs of the first SEEN_N values, and the last of the last."""
    start = np.array([_start_matrix(spline, slope) for spline in splines])
    end = start[:, ::-1, ::-1] * (-1.0 if slope else 1.0)
    return start, end


def _start_matrix(spline: Spline, slope: bool) -> Floats:
    kernel = np.fft.irfft(_transfer(spline, slope), _BLOCK_N)
    reach = np.arange(END_N)[:, None] - np.arange(-SEEN_N, SEEN_N)[None, :]
    weights = kernel[reach % _BLOCK_N]
    order = spline[0]
    width = 10.0 ** (spline[1] / (2 * order))
    fitted_n = min(max(order + 1, round(_CONTINUED_BY * order * width)), END_N)
    places = np.arange(fitted_n) / fitted_n
    before = np.arange(-SEEN_N, 0) / fitted_n
    fit = np.linalg.pinv(np.vander(places, order, increasing=True))
    continued = np.vander(before, order, increasing=True) @ fit
    found = weights[:, SEEN_N:].copy()
    found[:, :fitted_n] += weights[:, :SEEN_N] @ continued
    return found


@cache
def own_weight(spline: Spline) -> float:
    """Of a value in the smoothed value at its own place."""
    return float(np.fft.irfft(_transfer(spline, False), _BLOCK_N)[0])
