"""A bank of smoothing splines on evenly spaced samples, from one that follows everything to one that hardly bends.

The spline of order p and stiffness L minimises sum (y - x)^2 + L * integral (d^p x / dt^p)^2, time in samples. It is
the Rauch-Tung-Striebel smoother of a movement whose p-th derivative is white noise (G. Wahba, J. R. Statist. Soc. B
40(3), 1978), and away from the ends one fixed symmetric kernel with the transfer function S / (S + L), where S is the
sampled spectrum of the movement: the sum of 1 / (w + 2 pi k)^(2p) over all k. Its slope has i (w + 2 pi k) in the sum.
So a bank is one Fourier transform forth and one back for each member. Towards the ends the kernel runs out of data;
there the data are continued by the polynomial of order p that fits the last of them best: the kernel's answer to
each power of time beyond an end is known beforehand, so that the ends cost next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrorig.measure.order import windows_of

Floats = NDArray[np.float64]
Spline = tuple[int, float]
"""Order, and the stiffness' decimal logarithm."""

END_N = 96
"""Samples next to an end that the continuation reaches; the softest spline reaches as far."""

LEAST_N = 2 * END_N
"""Fewer samples make no bank."""

LEAST_LEVEL = 1e-12
"""Two splines that differ by less variance in the value do not differ in it."""

STRIDE_N = 8
"""Gains are given for each so many samples."""

_ALIASES = 2 * np.pi * np.arange(-8, 9)[:, None]
_BLOCK_N = 1024
_IN_BLOCK = np.arange(_BLOCK_N)
_TOGETHER_N = 8
"""Blocks that are transformed at once: enough to save calls, few enough for the processor's cache."""

_EACH_N = 2 * STRIDE_N
_ENDS_AT = np.concatenate((np.arange(_EACH_N), np.arange(_EACH_N + STRIDE_N // 2, END_N, STRIDE_N)))
"""Where gains near an end are computed: at each sample first, then in the middle of each stride."""

_CONTINUED_BY = 2.4
"""The polynomial is fitted to this many widths of the spline, times its order."""

_POWERS = 4


@dataclass(frozen=True)
class Bank:
    """Splines from soft to stiff, each compared with the softer one before it.

    All chains begin with the softest spline, with which the next ones (firsts) are compared; chained: each later spline
    of a chain and the one before it. noise: three tables (table, spline, column) with a column for each stride of END_N
    samples at an end, and one for the others. The first has the variance of each spline's output for white noise of
    variance 1. The second has it for what a spline differs from the one that it is compared with; the third has the
    second over what it is in values, not slopes.
    """

    splines: tuple[Spline, ...]
    firsts: tuple[int, ...]
    chained: tuple[tuple[int, int], ...]
    noise: Floats


@dataclass(frozen=True)
class _Ends:
    """fits: the polynomial's coefficients (spline and power) of the END_N values at an end. tails: the kernel's answer
    to each power of time before the start (spline, power, sample)."""

    fits: Floats
    tails: Floats


class Series(NamedTuple):
    """n values made ready for any number of splines.

    A straight line (level) is taken out, so that both ends are near 0. What is left is cut into blocks that overlap by
    2 END_N, zeros beyond the ends. A block's two ends meet, so a line of its own is taken out of each, too. spectra: a
    row for each block. slants: slope of both lines; lines: of each block its own. edges: what is left of the first
    and of the last END_N values, from the end inwards (value, end).
    """

    n: int
    spectra: NDArray[Any]
    slants: Floats
    lines: Floats
    level: Floats
    edges: Floats


def series_of(values: Floats) -> Series:
    """At least LEAST_N values, evenly spaced."""
    n, inner_n = len(values), _BLOCK_N - 2 * END_N
    blocks_n = -(-n // inner_n)
    slant = (values[-1] - values[0]) / (n - 1)
    level = values[0] + slant * np.arange(blocks_n * inner_n)
    padded = np.zeros(2 * END_N + blocks_n * inner_n)
    np.subtract(values, level[:n], out=padded[END_N : END_N + n])
    blocks = windows_of(padded, _BLOCK_N, inner_n)
    slants = (blocks[:, -1:] - blocks[:, :1]) / (_BLOCK_N - 1)
    lines = blocks[:, :1] + slants * _IN_BLOCK
    edges = np.empty((END_N, 2))
    edges[:, 0], edges[::-1, 1] = padded[END_N : 2 * END_N], padded[n : n + END_N]
    return Series(n, np.fft.rfft(blocks - lines), slants + slant, lines, level, edges)


def outputs(series: Series, splines: tuple[Spline, ...], slope: bool) -> Floats:
    """Each spline's value or slope per sample at each sample; a row for each spline.

    Samples go on to the end of the last stride, where the last one is repeated.
    """
    n = series.n
    found = _blockwise(series, splines, slope)
    ends = _ends(splines, slope)
    answers = (ends.fits @ series.edges).reshape(-1, _POWERS, 2).transpose(0, 2, 1) @ ends.tails
    found[:, :END_N] += answers[:, 0]
    last = found[:, n - END_N : n][:, ::-1]
    last += -answers[:, 1] if slope else answers[:, 1]
    whole_n = n + -n % STRIDE_N
    found[:, n:whole_n] = found[:, n - 1 : n]
    return found[:, :whole_n]


def _blockwise(series: Series, splines: tuple[Spline, ...], slope: bool) -> Floats:
    """The kernels' outputs, block by block; a slope's kernel turns a line into its slant."""
    transfers = _transfers(splines, slope)[:, None]
    # a real factor for both parts of each complex number: half the work of a complex one
    spectra = (series.spectra * 1j if slope else series.spectra).view(np.float64)
    blocks_n, inner_n = len(spectra), _BLOCK_N - 2 * END_N
    back = series.slants if slope else series.lines[:, END_N:-END_N] + series.level.reshape(-1, inner_n)
    found = np.empty((len(splines), blocks_n, inner_n))
    for first in range(0, blocks_n, _TOGETHER_N):
        some = slice(first, first + _TOGETHER_N)
        smooth = np.fft.irfft((spectra[some] * transfers).view(np.complex128), _BLOCK_N)
        np.add(smooth[:, :, END_N:-END_N], back[some], out=found[:, some])
    return found.reshape(len(splines), -1)


@cache
def bank(chains: tuple[tuple[Spline, ...], ...], slope: bool) -> Bank:
    """The bank of these chains, in each of which a spline is compared with the one before."""
    splines, softer = [chains[0][0]], [0]
    for softest, *others in chains:
        first = len(splines)
        splines += others
        softer += [splines.index(softest), *range(first, len(splines))][: len(others)]
    members, compared = tuple(splines), np.array(softer)
    rows = _rows(members, slope)
    levels = rows if not slope else _rows(members, False)
    differences, in_value = _gains(rows - rows[compared]), _gains(levels - levels[compared])
    noise = np.stack((_gains(rows), differences, differences / np.maximum(in_value, LEAST_LEVEL)))
    firsts = tuple(number for number, before in enumerate(softer) if number > 1 and not before)
    chained = tuple((number, before) for number, before in enumerate(softer) if before)
    return Bank(members, firsts, chained, noise)


def spread(noise: Floats, n: int) -> Floats:
    """A bank's tables at each stride of n samples: those of the ends at both ends, the last column between."""
    near_n, whole_n = noise.shape[-1] - 1, n // STRIDE_N
    found = np.repeat(noise[..., -1:], -(-n // STRIDE_N), axis=-1)
    found[..., :near_n] = noise[..., :near_n]
    found[..., whole_n - near_n : whole_n] = noise[..., near_n - 1 :: -1]
    found[..., whole_n:] = noise[..., :1]
    return found


def _gains(rows: Floats) -> Floats:
    """Sums of squared weights: the mean over each stride, and that of the middle."""
    squares = np.einsum("kij,kij->ki", rows, rows)
    first = squares[:, :_EACH_N].reshape(len(rows), -1, STRIDE_N).mean(axis=2)
    return np.concatenate((first, squares[:, _EACH_N:]), axis=1)


def _rows(splines: tuple[Spline, ...], slope: bool) -> Floats:
    """Weights of each spline at _ENDS_AT, and far from the ends; the last axis is samples."""
    kernels = _answers(np.ones((1, _BLOCK_N // 2 + 1)), splines, slope)[:, 0]
    ends = _ends(splines, slope)
    fits = ends.fits.reshape(len(splines), _POWERS, END_N)
    rows = kernels[:, (_ENDS_AT[:, None] - np.arange(LEAST_N)) % _BLOCK_N]
    rows[:, :, :END_N] += np.swapaxes(ends.tails[:, :, _ENDS_AT], 1, 2) @ fits
    middle = kernels[:, (END_N - np.arange(LEAST_N)) % _BLOCK_N]
    return np.concatenate((rows, middle[:, None]), axis=1)


@cache
def _transfers(splines: tuple[Spline, ...], slope: bool) -> Floats:
    """Transfer functions, a row for each spline, each factor twice; a slope's is i times it."""
    return np.repeat([_transfer(spline, slope) for spline in splines], 2, axis=1)


@cache
def _aliased() -> Floats:
    """1 / (w + 2 pi k), a row for each k."""
    w = 2 * np.pi * np.fft.rfftfreq(_BLOCK_N)
    w[0] = 1e-6
    found: Floats = 1 / (w + _ALIASES)
    return found


@cache
def _spectrum(order: int, slope: bool) -> Floats:
    found: Floats = np.sum(_aliased() ** (2 * order - slope), axis=0)
    return found


def _transfer(spline: Spline, slope: bool) -> Floats:
    order, stiffness = spline[0], 10.0 ** spline[1]
    found = _spectrum(order, slope) / (_spectrum(order, False) + stiffness)
    if slope:
        found[0] = 0.0
    return found


def _answers(spectra: NDArray[Any], splines: tuple[Spline, ...], slope: bool) -> Floats:
    """The kernels' outputs for each of these spectra of whole blocks (spline, block, sample)."""
    transfers = _transfers(splines, slope)[:, None, ::2]
    return np.fft.irfft(spectra * transfers * (1j if slope else 1.0), _BLOCK_N)


@cache
def _ends(splines: tuple[Spline, ...], slope: bool) -> _Ends:
    places = np.arange(-LEAST_N, 0) / END_N
    powers = np.zeros((_POWERS, _BLOCK_N))
    powers[:, -LEAST_N:] = places ** np.arange(_POWERS)[:, None]
    tails = _answers(np.fft.rfft(powers), splines, slope)[:, :, :END_N]
    return _Ends(np.concatenate([_fit(spline) for spline in splines]), np.ascontiguousarray(tails))


@cache
def _fit(spline: Spline) -> Floats:
    """Coefficients of the polynomial in time / END_N that fits the first values."""
    order, width = spline[0], 10.0 ** (spline[1] / (2 * spline[0]))
    fitted_n = min(max(order + 1, round(_CONTINUED_BY * order * width)), END_N)
    found = np.zeros((_POWERS, END_N))
    places = np.arange(fitted_n) / fitted_n
    fit = np.linalg.pinv(np.vander(places, order, increasing=True))
    found[:order, :fitted_n] = fit * (END_N / fitted_n) ** np.arange(order)[:, None]
    return found
