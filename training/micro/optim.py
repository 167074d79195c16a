"""Muon: momentum whose matrices are made nearly orthogonal before they are applied, so that every direction learns."""
import torch

_NEWTON_SCHULZ = (3.4445, -4.775, 2.0315)
"""Coefficients of the quintic iteration that pulls all singular values towards 1."""


class Muon:
    """Each of several processes orthogonalises a share of the matrices, and all of them exchange the results."""

    def __init__(self, matrices, exchange, rank=0, world=1, momentum=0.95, weight_decay=0.01):
        self._matrices = matrices
        self._exchange = exchange
        self._world = world
        self._momentum = momentum
        self._weight_decay = weight_decay
        self._buffers = {id(matrix): torch.zeros_like(matrix) for matrix in matrices}
        by_shape = {}
        for matrix in matrices:
            by_shape.setdefault(tuple(sorted(matrix.shape)), []).append(matrix)
        self._own = [group[rank::world] for group in by_shape.values()]

    @torch.no_grad()
    def step(self, rate):
        updates = {}
        for group in self._own:
            if group:
                updates.update(self._orthogonal_updates(group))
        if self._world > 1:
            updates = self._gather(updates)
        for matrix in self._matrices:
            scale = max(1, matrix.shape[0] / matrix.shape[1]) ** 0.5
            matrix.mul_(1 - rate * self._weight_decay).add_(updates[id(matrix)], alpha=-rate * scale)

    def _orthogonal_updates(self, group):
        """One batch of matrices of the same shape, tall ones transposed."""
        gradients = []
        for matrix in group:
            buffer = self._buffers[id(matrix)]
            buffer.lerp_(matrix.grad, 1 - self._momentum)
            update = matrix.grad.lerp(buffer, self._momentum)
            gradients.append(update.t() if _is_tall(matrix) else update)
        x = torch.stack(gradients)
        x = (x / (x.flatten(1).norm(dim=1).view(-1, 1, 1) + 1e-7)).to(torch.bfloat16)
        a, b, c = _NEWTON_SCHULZ
        for _ in range(5):
            gram = x @ x.transpose(1, 2)
            x = a * x + (b * gram + c * (gram @ gram)) @ x
        return {id(matrix): y.t() if _is_tall(matrix) else y for matrix, y in zip(group, x.float())}

    def _gather(self, updates):
        """The sum over all processes, of which each has only its own share."""
        missing = [updates.get(id(matrix), torch.zeros_like(matrix)).flatten() for matrix in self._matrices]
        flat, first, gathered = self._exchange(torch.cat(missing)), 0, {}
        for matrix in self._matrices:
            gathered[id(matrix)] = flat[first:first + matrix.numel()].view_as(matrix)
            first += matrix.numel()
        return gathered


def _is_tall(matrix):
    return matrix.shape[0] > matrix.shape[1]
