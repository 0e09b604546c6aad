using System.Collections.Immutable;
using Ambient.Core.Requests;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>The headers of a question as matching sees them: lower-case names, several lines joined.</summary>
internal sealed class QuestionHeaders(ImmutableArray<KeyValuePair<string, string>> headers) : IRequestHeaders
{
    private readonly Dictionary<string, string> _values = headers.GroupBy(h => h.Key.ToLowerInvariant(), StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => string.Join(',', g.Select(h => h.Value)), StringComparer.Ordinal);

    public string? ValueOf(string name) => _values.GetValueOrDefault(name);
}
