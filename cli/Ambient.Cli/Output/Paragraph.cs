namespace Ambient.Cli.Output;

/// <summary>Prose for a terminal: lines of at most <see cref="Width"/> columns, broken between words.</summary>
internal static class Paragraph
{
    public const int Width = 80;

    public static void Write(TextWriter output, string text, int indent) => Write(output, text, new string(' ', indent));

    /// <param name="margin">Stands before every line, or before the first when <paramref name="next"/> is given.</param>
    /// <param name="next">Stands before the lines after the first.</param>
    public static void Write(TextWriter output, string text, string margin, string? next = null)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string clean = string.Concat(word.Where(c => !char.IsControl(c)));
            if (line.Length > 0 && margin.Length + line.Length + 1 + clean.Length > Width)
            {
                output.WriteLine(margin + line);
                margin = next ?? margin;
                line = "";
            }

            line = line.Length == 0 ? clean : $"{line} {clean}";
        }

        output.WriteLine(margin + line);
    }
}
