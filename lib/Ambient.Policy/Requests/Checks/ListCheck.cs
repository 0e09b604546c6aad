using System.Collections.Immutable;
using Ambient.Core.Policies;

namespace Ambient.Policy.Requests.Checks;

/// <summary>An attribute with any number of texts: one of them must match.</summary>
internal sealed class ListCheck(string field, ImmutableArray<string> values, Func<RequestSubject, IEnumerable<string>> attribute)
    : RequestCheck(field)
{
    private readonly ImmutableArray<StringMatch> _values = [.. values.Select(StringMatch.Parse)];

    public override bool Holds(RequestSubject subject, string? path) => attribute(subject).Any(text => TextCheck.Any(_values, text));
}
