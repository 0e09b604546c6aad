using System.Text;

namespace Ambient.Routing.Canonicalising;

/// <summary>A canonical path as the most lenient backend reads it.</summary>
internal static class LenientReading
{
    public static string Of(string path)
    {
        if (!path.Contains(';', StringComparison.Ordinal)
            && !path.Contains("//", StringComparison.Ordinal)
            && !path.Contains("%3B", StringComparison.Ordinal))
        {
            return path;
        }

        StringBuilder made = new(path.Length);
        bool cutting = false;
        for (int i = 0; i < path.Length; i++)
        {
            char c = path[i];
            cutting = c != '/' && (cutting || c == ';' || path.AsSpan(i).StartsWith("%3B"));
            bool repeated = c == '/' && made.Length > 0 && made[^1] == '/';
            if (!cutting && !repeated)
            {
                made.Append(c);
            }
        }

        return made.ToString();
    }
}
