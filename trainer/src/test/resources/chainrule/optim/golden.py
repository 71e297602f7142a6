"""Writes the golden tables next to this file: what PyTorch's optimizers and schedules do.

Run it after adding an optimizer or a schedule, from anywhere, with PyTorch for the CPU:

    python golden.py

PyTorch 2.13.0+cpu made the tables in the repository: optimizer/<key>.csv and schedule/<key>.csv,
where <key> is what key() returns. A line that begins with # names the setting of the 100 rows below
it, one for each step; the Java tests make their optimizers and schedules from it.
"""

from pathlib import Path

import torch
from torch.optim import lr_scheduler

FOLDER = Path(__file__).parent
STEPS = 100

# Five parameters; weight decay applies to those at 0, 1 and 3. All slopes are powers of two, so
# that slope * parameter is exact and every language gets the same gradient for the same parameter.
START = [1.0, -0.5, 2.0, 0.25, -3.0]
SLOPES = [0.5, 1.0, 2.0, 0.25, 4.0]
DECAYED = [0, 1, 3]
PLAIN = [2, 4]


def gradient(step, i, parameter):
    """The slope of a bowl, and a push that differs from step to step; in float32."""
    push = ((7 * step + 3 * i) % 11 - 5) / 8
    return SLOPES[i] * parameter + push


def trajectory(make):
    """Returns the parameters after each step of the optimizer that make(decayed, plain) gives."""
    decayed, plain = (
        torch.tensor([START[i] for i in ids], requires_grad=True) for ids in (DECAYED, PLAIN)
    )
    parts = [(DECAYED, decayed), (PLAIN, plain)]
    optimizer = make(decayed, plain)
    rows = []
    for step in range(STEPS):
        for ids, tensor in parts:
            values = tensor.detach()
            tensor.grad = torch.stack([gradient(step, i, values[k]) for k, i in enumerate(ids)])
        optimizer.step()
        row = {i: tensor[k].item() for ids, tensor in parts for k, i in enumerate(ids)}
        rows.append([row[i] for i in range(len(START))])
    return rows


def adamw(decayed, plain, weight_decay, **rest):
    groups = [
        {"params": [decayed], "weight_decay": weight_decay},
        {"params": [plain], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, **rest)


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of arXiv 2302.06675, which PyTorch does not have."""

    def __init__(self, groups, lr, betas):
        super().__init__(groups, dict(lr=lr, betas=betas, weight_decay=0.0))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2) = group["lr"], group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * p.grad)
                p.mul_(1 - lr * group["weight_decay"])
                p.sub_(lr * update)
                m.mul_(beta2).add_(p.grad, alpha=1 - beta2)


def lion(decayed, plain, weight_decay, **rest):
    groups = [{"params": [decayed], "weight_decay": weight_decay}, {"params": [plain]}]
    return Lion(groups, **rest)


def optimizers():
    """Yields key, setting and what makes PyTorch's twin of it."""
    o = torch.optim
    for rate in (0.1, 0.01):
        yield "sgd", f"rate={rate}", lambda a, b: o.SGD([a, b], lr=rate)
    for rate, mu in ((0.05, 0.9), (0.1, 0.5), (0.1, 0.0)):
        setting = f"rate={rate} momentum={mu}"
        yield "momentum", setting, lambda a, b: o.SGD([a, b], lr=rate, momentum=mu)
        if mu > 0:  # PyTorch has no Nesterov without momentum
            same = dict(lr=rate, momentum=mu)
            yield "nesterov", setting, lambda a, b: o.SGD([a, b], nesterov=True, **same)
    for rate, eps in ((0.5, 1e-10), (0.1, 0.01)):
        setting = f"rate={rate} epsilon={eps}"
        yield "adagrad", setting, lambda a, b: o.Adagrad([a, b], lr=rate, eps=eps)
    for rate, rho, eps in ((0.01, 0.99, 1e-8), (0.05, 0.9, 0.001)):
        setting = f"rate={rate} rho={rho} epsilon={eps}"
        yield "rmsprop", setting, lambda a, b: o.RMSprop([a, b], lr=rate, alpha=rho, eps=eps)
    adams = ((0.1, 0.9, 0.999, 1e-8), (0.05, 0.8, 0.95, 0.001), (0.02, 0.0, 0.99, 1e-8))
    for rate, b1, b2, eps in adams:
        setting = f"rate={rate} beta1={b1} beta2={b2} epsilon={eps}"
        same = dict(lr=rate, betas=(b1, b2), eps=eps)
        yield "adam", setting, lambda a, b: o.Adam([a, b], **same)
        for wd in (0.3, 0.01):
            yield "adamw", f"{setting} weight-decay={wd}", lambda a, b: adamw(a, b, wd, **same)


    for rate, b1, b2, wd in ((0.01, 0.9, 0.99, 0.0), (0.03, 0.8, 0.95, 0.3)):
        setting = f"rate={rate} beta1={b1} beta2={b2} weight-decay={wd}"
        yield "lion", setting, lambda a, b: lion(a, b, wd, lr=rate, betas=(b1, b2))


def rates(rate, make, steps=STEPS):
    """Returns the rates that a scheduler of PyTorch gives to steps 0, 1, ..."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler = make(optimizer)
    result = []
    for _ in range(steps):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return result


def schedules():
    """Yields key, setting and the rates."""
    s = lr_scheduler
    yield "constant", "rate=0.1", rates(0.1, lambda o: s.ConstantLR(o, factor=1.0))
    for every, factor in ((10, 0.5), (7, 0.9), (1, 0.97)):
        setting = f"rate=0.1 every-steps={every} factor={factor}"
        yield "step", setting, rates(0.1, lambda o: s.StepLR(o, every, factor))
    for every, factor in ((10, 0.5), (1, 0.97)):
        setting = f"rate=0.1 factor={factor} every-steps={every}"
        gamma = factor ** (1 / every)
        yield "exponential", setting, rates(0.1, lambda o: s.ExponentialLR(o, gamma))
    # PyTorch's cosine rises again after its end, where ours stays at the minimum.
    for total, minimum in ((100, 0.0), (60, 0.01), (1, 0.001)):
        falling = rates(0.1, lambda o: s.CosineAnnealingLR(o, total, minimum), total)
        setting = f"rate=0.1 total-steps={total} minimum={minimum}"
        yield "cosine", setting, falling + [minimum] * (STEPS - total)
    for warmup, total, minimum in ((10, 100, 0.0), (7, 60, 0.01)):
        falling = rates(0.1, lambda o: warmup_cosine(o, warmup, total, minimum), total)
        setting = f"rate=0.1 warmup-steps={warmup} total-steps={total} minimum={minimum}"
        yield "warmup-cosine", setting, falling + [minimum] * (STEPS - total)


def warmup_cosine(optimizer, warmup, total, minimum):
    """Rises by rate / warmup a step from that same value, then falls."""
    rising = lr_scheduler.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1)
    falling = lr_scheduler.CosineAnnealingLR(optimizer, total - warmup, minimum)
    return lr_scheduler.SequentialLR(optimizer, [rising, falling], milestones=[warmup])


def write(folder, key, tables):
    path = FOLDER / folder / f"{key}.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        for setting, rows in tables:
            print("#", setting, file=file)
            for step, row in enumerate(rows):
                print(step, *row, sep=",", file=file)


def by_key(items):
    result = {}
    for key, setting, value in items:
        result.setdefault(key, []).append((setting, value))
    return result


def main():
    torch.set_num_threads(1)
    # Lazily: a trajectory is run before the loop variables that its lambda sees change.
    ran = ((key, setting, trajectory(make)) for key, setting, make in optimizers())
    # Nine significant digits tell any two floats apart, 17 any two doubles.
    for key, tables in by_key(ran).items():
        texts = [(setting, [[f"{p:.9g}" for p in row] for row in rows]) for setting, rows in tables]
        write("optimizer", key, texts)
    for key, tables in by_key(schedules()).items():
        texts = [(setting, [[f"{rate:.17g}"] for rate in rows]) for setting, rows in tables]
        write("schedule", key, texts)


if __name__ == "__main__":
    main()
