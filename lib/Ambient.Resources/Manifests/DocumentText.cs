using System.Text;

namespace Ambient.Resources.Manifests;

/// <summary>The text of one document, and the line of the file that it begins on.</summary>
internal readonly record struct DocumentText(string Text, int FirstLine, string? Fault)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// Splits at lines that begin with <c>---</c> (YAML 1.2 §9.1.2: such a line can be nothing else), so that a faulty document does not
    /// take the others with it.
    /// </summary>
    public static List<DocumentText> Split(ReadOnlySpan<byte> utf8)
    {
        var documents = new List<DocumentText>();
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[3..];
        }

        int start = 0;
        int line = 1;
        int firstLine = 1;
        for (int at = 0; at <= utf8.Length;)
        {
            if (at == utf8.Length || (at > start && IsMarker(utf8[at..])))
            {
                Add(documents, utf8[start..at], firstLine);
                (start, firstLine) = (at, line);
            }

            int end = at < utf8.Length ? utf8[at..].IndexOf((byte)'\n') : -1;
            if (end < 0)
            {
                if (at < utf8.Length)
                {
                    Add(documents, utf8[start..], firstLine);
                }

                break;
            }

            at += end + 1;
            line++;
        }

        return documents;
    }

    private static bool IsMarker(ReadOnlySpan<byte> text) =>
        text.StartsWith("---"u8) && (text.Length == 3 || text[3] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');

    private static void Add(List<DocumentText> documents, ReadOnlySpan<byte> utf8, int firstLine)
    {
        if (utf8.Length > ManifestLimits.DocumentBytes)
        {
            documents.Add(new("", firstLine, $"has {utf8.Length} bytes, at most {ManifestLimits.DocumentBytes} are allowed"));
            return;
        }

        try
        {
            string text = Strict.GetString(utf8);
            if (!IsBlank(text))
            {
                documents.Add(new(text, firstLine, null));
            }
        }
        catch (DecoderFallbackException e)
        {
            int at = Math.Clamp(e.Index, 0, utf8.Length);
            int line = firstLine + utf8[..at].Count((byte)'\n');
            documents.Add(new("", line, $"is not valid UTF-8 at byte {at} of the document"));
        }
    }

    private static bool IsBlank(string text)
    {
        foreach (var range in text.AsSpan().EnumerateLines())
        {
            var line = range.Trim();
            if (line.Length > 0 && line[0] is not ('#' or '%') && !line.SequenceEqual("---") && !line.SequenceEqual("..."))
            {
                return false;
            }
        }

        return true;
    }
}
