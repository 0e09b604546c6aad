using System.Collections.Immutable;
using Ambient.Core.Policies;

namespace Ambient.Policy.Requests.Checks;

/// <summary>
/// The authority, without regard to case. Where it denies, also the host alone counts: a port or a trailing dot does not lead around it.
/// </summary>
internal sealed class HostCheck(string field, ImmutableArray<string> values, bool denies) : RequestCheck(field)
{
    private readonly ImmutableArray<StringMatch> _values = [.. values.Select(v => StringMatch.Parse(v.ToLowerInvariant()))];

    public override bool Holds(RequestSubject subject, string? path) =>
        TextCheck.Any(_values, subject.Request.Authority.ToLowerInvariant())
        || (denies && TextCheck.Any(_values, subject.Host.ToLowerInvariant()));
}
