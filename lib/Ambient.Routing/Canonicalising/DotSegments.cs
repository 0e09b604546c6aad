using System.Text;

namespace Ambient.Routing.Canonicalising;

/// <summary>RFC 3986 §5.2.4, and what must not look like a dot segment to anybody.</summary>
internal static class DotSegments
{
    /// <summary>The reason why not, or null.</summary>
    /// <param name="path">May hold <see cref="PathDecoding.EscapedDot"/>; begins with a slash.</param>
    public static string? TryResolve(string path, bool mergeSlashes, out string resolved)
    {
        StringBuilder made = new(path.Length);
        resolved = "";
        for (int start = 1; start <= path.Length;)
        {
            int end = path.IndexOf('/', start);
            bool last = end < 0;
            end = last ? path.Length : end;
            ReadOnlySpan<char> segment = path.AsSpan(start, end - start);
            if (LooksLikeDots(segment) && segment is not ("." or ".."))
            {
                return segment.Contains(PathDecoding.EscapedDot)
                    ? "the path has an escaped dot segment (%2E)"
                    : "the path has a dot segment with parameters";
            }

            Append(made, segment, last, mergeSlashes);
            start = end + 1;
        }

        resolved = made.Replace(PathDecoding.EscapedDot, '.').ToString();
        return null;
    }

    private static void Append(StringBuilder made, ReadOnlySpan<char> segment, bool last, bool mergeSlashes)
    {
        if (segment is "..")
        {
            int cut = made.Length - 1;
            while (cut > 0 && made[cut] != '/')
            {
                cut--;
            }

            made.Length = Math.Max(cut, 0);
        }
        else if (segment is not "." && !(mergeSlashes && segment.IsEmpty && !last))
        {
            made.Append('/').Append(segment);
            return;
        }

        if (last && !(made.Length > 0 && mergeSlashes && made[^1] == '/'))
        {
            made.Append('/');
        }
    }

    // "." or ".." once escapes are read and parameters, escaped or not, are cut.
    private static bool LooksLikeDots(ReadOnlySpan<char> segment)
    {
        int dots = 0;
        while (dots < segment.Length && segment[dots] is '.' or PathDecoding.EscapedDot)
        {
            dots++;
        }

        ReadOnlySpan<char> rest = segment[dots..];
        return dots is 1 or 2 && (rest.IsEmpty || rest[0] == ';' || rest.StartsWith("%3B"));
    }
}
