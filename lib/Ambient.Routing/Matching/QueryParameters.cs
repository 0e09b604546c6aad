namespace Ambient.Routing.Matching;

/// <summary>Parameters of a query (<c>a=1&amp;b</c>), percent-decoded.</summary>
public static class QueryParameters
{
    /// <summary>The first value of a parameter; empty when it has none; null when it is not there. Bad escapes stay as they are.</summary>
    public static string? First(string query, string name)
    {
        ArgumentNullException.ThrowIfNull(query);
        for (int start = 0; start < query.Length;)
        {
            int end = query.IndexOf('&', start);
            end = end < 0 ? query.Length : end;
            ReadOnlySpan<char> pair = query.AsSpan(start, end - start);
            int equals = pair.IndexOf('=');
            ReadOnlySpan<char> key = equals < 0 ? pair : pair[..equals];
            if (Same(key, name))
            {
                return equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            }

            start = end + 1;
        }

        return null;
    }

    private static bool Same(ReadOnlySpan<char> key, string name) =>
        key.Contains('%') ? string.Equals(Decode(key), name, StringComparison.Ordinal) : key.SequenceEqual(name);

    private static string Decode(ReadOnlySpan<char> text) =>
        text.Contains('%') ? Uri.UnescapeDataString(text) : text.ToString();
}
