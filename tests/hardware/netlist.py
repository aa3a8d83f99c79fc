"""What is connected to what, worked out from wires, mated plugs and the carrier: the tests' own view of the source."""

from __future__ import annotations

from collections.abc import Iterable

from hardware.derive.source import Rig


class Netlist:
    """Groups of points that are one piece of copper; `through` names parts that count as a wire."""

    def __init__(self, rig: Rig, through: Iterable[str] = ()) -> None:
        self._group: dict[str, str] = {}
        for cable in rig.cables.values():
            for wire in cable.wires:
                self._join(str(wire.start), str(wire.stop))
        for socket, plug in rig.mates:
            for one, other in zip(rig.connectors[socket].pins, rig.connectors[plug].pins, strict=True):
                self._join(f"{socket}.{one}", f"{plug}.{other}")
        for name, connector in rig.connectors.items():
            for pin, net in zip(connector.pins, connector.nets):
                self._join(f"{name}.{pin}", net)
        parts = {part.ref: part for part in rig.circuit}
        for ref in through:
            self._join(*parts[ref].legs.values())

    def joined(self, one: str, other: str) -> bool:
        return self._root(one) == self._root(other)

    def _root(self, point: str) -> str:
        while (above := self._group.setdefault(point, point)) != point:
            point = above
        return point

    def _join(self, one: str, other: str) -> None:
        self._group[self._root(one)] = self._root(other)
