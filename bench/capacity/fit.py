"""Least squares of a few unit costs, none of them negative, each run weighing alike."""


def solve(matrix, right):
    """Gauss, with the largest pivot."""
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        if abs(rows[pivot][column]) < 1e-12:
            raise ValueError(f"the runs do not tell unit cost {column} from the others")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(size):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [one - factor * other for one, other in zip(rows[row], rows[column])]
    return [row[-1] / row[at] for at, row in enumerate(rows)]


def least_squares(features, values):
    """Coefficients by which each row of features comes near its value, by its relative error."""
    used = list(range(len(features[0])))
    while True:
        scales = [max(abs(row[at]) for row in features) or 1.0 for at in used]
        rows = [[row[at] / scale / value for at, scale in zip(used, scales)]
                for row, value in zip(features, values)]
        normal = [[sum(row[one] * row[other] for row in rows) for other in range(len(used))]
                  for one in range(len(used))]
        found = solve(normal, [sum(row[one] for row in rows) for one in range(len(used))])
        if min(found) >= 0:
            coefficients = [0.0] * len(features[0])
            for at, scale, value in zip(used, scales, found):
                coefficients[at] = value / scale
            return coefficients
        used.pop(found.index(min(found)))
