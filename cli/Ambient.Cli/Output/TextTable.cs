using System.Text;

namespace Ambient.Cli.Output;

/// <summary>Columns as wide as their longest cell, three spaces apart, like kubectl's.</summary>
internal sealed class TextTable
{
    private const int MaxCell = 200;

    private readonly List<string[]> _rows = [];

    public TextTable(params string[] header) => _rows.Add(header);

    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(Cell)]);

    public void Write(TextWriter output)
    {
        int[] widths = [.. Enumerable.Range(0, _rows[0].Length).Select(i => _rows.Max(r => r[i].Length))];
        foreach (string[] row in _rows)
        {
            StringBuilder line = new();
            for (int i = 0; i < row.Length; i++)
            {
                line.Append(i == row.Length - 1 ? row[i] : row[i].PadRight(widths[i] + 3));
            }

            output.WriteLine(line.ToString().TrimEnd());
        }
    }

    // What comes from a cluster must not steer the terminal.
    private static string Cell(string? text)
    {
        string cell = string.Concat((text ?? "").Where(c => !char.IsControl(c)));
        return cell.Length == 0 ? "-" : cell.Length > MaxCell ? cell[..MaxCell] + "…" : cell;
    }
}
