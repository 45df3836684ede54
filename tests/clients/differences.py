"""The table of differences.md: where a client and soalint part, and why."""
import os
import re


class Differences:
    """Rows of the table; knows which of them were needed."""

    def __init__(self):
        page = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'differences.md')
        self.rows = []
        with open(page, encoding='utf-8') as stream:
            for line in stream:
                cells = [cell.strip() for cell in re.split(r'(?<!\\)\|', line)[1:-1]]
                if len(cells) != 5 or cells[0] in ('client', '---', ''):
                    continue
                client, who, said, text, why = cells
                assert who in ('client', 'soalint') and len(why) > 20, line
                self.rows.append((client, who, pattern(said), pattern(text)))
        
        self.used = [0] * len(self.rows)

    def explains(self, client, who, said, text=''):
        """Whether a row is about what `client` or soalint said of `text`."""
        for number, (of, side, said_there, text_there) in enumerate(self.rows):
            if client.startswith(of) and side == who and said_there.search(said) and text_there.search(text):
                self.used[number] += 1
                return True
        return False

    def unused(self):
        """Rows that explain nothing any more."""
        return [row[:3] for row, used in zip(self.rows, self.used) if not used]


def pattern(cell):
    """A cell is empty, or a regular expression in backticks."""
    assert re.fullmatch(r'(`.+`)?', cell), cell
    return re.compile(cell.strip('`').replace(r'\|', '|'), re.DOTALL)
