"""The answers of questions on data structures, computed."""

from collections import deque


def ip_36_003() -> str:
    queue = deque([6, 3, 8])
    output = []
    while queue:
        x = queue.popleft()
        if x > 4:
            queue.append(x - 4)
        else:
            output.append(x)
    return "，".join(map(str, output))


def ip_36_007() -> str:
    count = [[12, 8, 15, 10], [9, 14, 7, 11], [6, 5, 13, 16]]
    k = 2
    return str(sum(row[k - 1] for row in count))


def ip_36_009() -> str:
    return str(1000 + (15 - 1) * 4)
