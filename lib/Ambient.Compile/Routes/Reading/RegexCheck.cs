using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.Reading;

/// <summary>Refuses at compile time what no proxy could match by: expressions that RE2 or we do not have.</summary>
internal static class RegexCheck
{
    public const int MaxLength = 4096;

    public static string Checked(string pattern, string path)
    {
        if (pattern.Length > MaxLength)
        {
            throw new FieldException(path, $"has {pattern.Length} characters, at most {MaxLength} are allowed in a regular expression");
        }

        try
        {
            _ = new System.Text.RegularExpressions.Regex(pattern, System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.CultureInvariant);
            return pattern;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FieldException(path, $"'{RouteFields.Shortened(pattern)}' is not a regular expression that can be matched: {e.Message}");
        }
    }
}
