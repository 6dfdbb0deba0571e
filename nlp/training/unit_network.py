"""The networks that `nlp.training.unit_model` fits: the unit model and the judge of relations."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from nlp.pairs import OWN_FEATURES, PAIR_FEATURES
from nlp.thread_view import BEARING, POINT
from nlp.windows import KINDS

HIDDEN = 96  # of the judge of relations


class UnitModel(nn.Module):
    """MiniLM with five heads over its tokens: kind (4 classes), begin, salience, bearing, point."""

    def __init__(self, transformer: Any) -> None:
        super().__init__()
        self.transformer = transformer
        size = transformer.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.kind = nn.Linear(size, len(KINDS))
        self.begin = nn.Linear(size, 1)
        self.salience = nn.Linear(size, 1)
        self.bearing = nn.Linear(size, BEARING)
        self.point = nn.Linear(size, POINT)
        self.point_scale = nn.Parameter(torch.tensor(8.0))  # from the cosine of two units' points
        self.point_bias = nn.Parameter(torch.tensor(-4.0))  # to the odds that they are the same

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        """Give the outputs named by `nlp.units.OUTPUTS` for (n, t) ids; id 0 is padding.

        Log-probabilities of kind (n, t, 4), log-odds of begin and salience (n, t), bearing
        (n, t, BEARING), point (n, t, POINT).
        """
        states = self.dropout(
            self.transformer(
                input_ids=input_ids,
                token_type_ids=token_type_ids,
                attention_mask=(input_ids != 0).long(),
            ).last_hidden_state
        )
        return (
            self.kind(states).log_softmax(-1),
            self.begin(states).squeeze(-1),
            self.salience(states).squeeze(-1),
            self.bearing(states),
            self.point(states),
        )


class PairJudge(nn.Module):
    """What `nlp.relations.PairScorer` computes, to be fitted: odds of pairs, and of no pair."""

    def __init__(self) -> None:
        super().__init__()
        unit = BEARING + len(OWN_FEATURES)
        self.source = nn.Linear(unit, HIDDEN, bias=False)
        self.target = nn.Linear(unit, HIDDEN, bias=False)
        self.product = nn.Linear(BEARING, HIDDEN, bias=False)
        self.pair = nn.Linear(len(PAIR_FEATURES) + 1, HIDDEN)
        self.out = nn.Linear(HIDDEN, 2)
        self.alone = nn.Linear(unit, HIDDEN // 2)
        self.alone_out = nn.Linear(HIDDEN // 2, 1)
        self.dropout = nn.Dropout(0.2)

    def forward(
        self, bearing: Tensor, points: Tensor, own: Tensor, pairs: Tensor, features: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Give the odds of (support, attack) (p, 2), and of bearing on nothing (n,).

        `points` are unit rows (n, POINT); `pairs` (p, 2) are places of source and target.
        """
        units = torch.cat([self.dropout(bearing), own], 1)
        s, t = pairs[:, 0], pairs[:, 1]
        closeness = (points[s] * points[t]).sum(1, keepdim=True)
        hidden = self.source(units)[s] + self.target(units)[t]
        hidden = hidden + self.pair(torch.cat([features, closeness], 1))
        hidden = torch.relu(hidden + self.product(bearing[s] * bearing[t]))
        nothing = self.alone_out(self.dropout(torch.relu(self.alone(units)))).squeeze(-1)
        return self.out(self.dropout(hidden)), nothing

    def arrays(self) -> dict[str, np.ndarray]:
        """Give the weights as `PairScorer` reads them."""
        named = {k: v.detach().cpu().numpy() for k, v in self.state_dict().items()}
        found = {k.removesuffix(".weight"): v.T for k, v in named.items() if k.endswith(".weight")}
        found |= {f"{k.removesuffix('.bias')}_bias": v for k, v in named.items() if "bias" in k}
        found["bias"] = found.pop("pair_bias")
        return found
