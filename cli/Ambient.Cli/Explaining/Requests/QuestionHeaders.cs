using System.Collections.Immutable;
using Ambient.Core.Requests;
using Ambient.Routing.Canonicalising;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>
/// The headers of a question as matching sees them: lower-case names, several lines joined, and the parts of the request line by the names that
/// they have among headers.
/// </summary>
internal sealed class QuestionHeaders : IRequestHeaders
{
    private readonly Dictionary<string, string> _values;

    public QuestionHeaders(Question question, RequestTarget url, CanonicalTarget target)
    {
        _values = question.Headers.GroupBy(h => h.Key.ToLowerInvariant(), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => string.Join(',', g.Select(h => h.Value)), StringComparer.Ordinal);
        _values["host"] = _values[":authority"] = url.Authority;
        _values[":method"] = question.Method;
        _values[":path"] = target.ToString();
        _values[":scheme"] = url.Scheme;
    }

    public string? ValueOf(string name) => _values.GetValueOrDefault(name);
}
