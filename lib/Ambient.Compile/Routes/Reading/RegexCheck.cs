using Ambient.Compile.Sources;
using Ambient.Routing.Patterns;

namespace Ambient.Compile.Routes.Reading;

/// <summary>Refuses at compile time what no proxy could match by: expressions that are not RE2's, or that we cannot run in linear time.</summary>
internal static class RegexCheck
{
    public static string Checked(string pattern, string path) => Re2Pattern.TryParse(pattern, out _, out string? reason)
        ? pattern
        : throw new FieldException(path, $"'{RouteFields.Shortened(pattern)}' is not a regular expression that can be matched: {reason}");
}
