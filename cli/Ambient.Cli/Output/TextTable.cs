using System.Text;

namespace Ambient.Cli.Output;

/// <summary>
/// Columns as wide as their longest cell, three spaces apart, like kubectl's, in <see cref="Paragraph.Width"/> columns: what does not fit goes on in
/// the next line of its own column. A column in which nobody has anything is left out of a table that would be too wide.
/// </summary>
internal sealed class TextTable
{
    private const int MaxCell = 200;
    private const int MinWidth = 6;
    private const string Nothing = "-";

    private readonly List<string[]> _rows = [];

    public TextTable(params string[] header) => _rows.Add(header);

    public bool IsEmpty => _rows.Count == 1;

    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(Cell)]);

    /// <param name="wide">Every column, and a row a line.</param>
    public void Write(TextWriter output, bool wide = false)
    {
        int[] all = [.. Enumerable.Range(0, _rows[0].Length)];
        (int[] columns, int[] widths, int gap) = wide ? (all, Widths(all), 3) : Fit(all);
        foreach (string[] row in _rows)
        {
            string[][] cells = [.. columns.Select((c, i) => Lines(row[c], widths[i]).ToArray())];
            for (int at = 0; at < cells.Max(c => c.Length); at++)
            {
                StringBuilder line = new();
                for (int i = 0; i < cells.Length; i++)
                {
                    string part = at < cells[i].Length ? cells[i][at] : "";
                    line.Append(i == cells.Length - 1 ? part : part.PadRight(widths[i] + gap));
                }

                output.WriteLine(line.ToString().TrimEnd());
            }
        }
    }

    private (int[] Columns, int[] Widths, int Gap) Fit(int[] columns)
    {
        int[] widths = Widths(columns);
        if (Total(widths, 3) <= Paragraph.Width)
        {
            return (columns, widths, 3);
        }

        if (_rows.Count > 1)
        {
            columns = [.. columns.Where(c => _rows.Skip(1).Any(r => r[c] != Nothing))];
            widths = Widths(columns);
        }

        int[] least = [.. columns.Select(c => Math.Max(MinWidth, _rows[0][c].Length))];
        while (Total(widths, 2) > Paragraph.Width && Enumerable.Range(0, columns.Length).Where(i => widths[i] > least[i]).Select(i => (int?)i).MaxBy(i => widths[i!.Value]) is { } widest)
        {
            widths[widest]--;
        }

        return (columns, widths, 2);
    }

    private int[] Widths(int[] columns) => [.. columns.Select(c => _rows.Max(r => r[c].Length))];

    private static int Total(int[] widths, int gap) => widths.Sum() + (gap * (widths.Length - 1));

    /// <summary>Broken after spaces, else after what names are made of, else anywhere.</summary>
    private static IEnumerable<string> Lines(string text, int width)
    {
        while (text.Length > width)
        {
            int space = text.LastIndexOf(' ', width);
            int cut = space > 0 ? space : text.AsSpan(0, width).LastIndexOfAny("/,.:-") + 1;
            cut = cut > width / 3 ? cut : width;
            yield return text[..cut].TrimEnd();
            text = text[cut..].TrimStart();
        }

        yield return text;
    }

    // What comes from a cluster must not steer the terminal.
    private static string Cell(string? text)
    {
        string cell = string.Concat((text ?? "").Where(c => !char.IsControl(c)));
        return cell.Length == 0 ? Nothing : cell.Length > MaxCell ? cell[..MaxCell] + "…" : cell;
    }
}
