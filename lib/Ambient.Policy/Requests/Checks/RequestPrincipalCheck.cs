using System.Collections.Immutable;
using Ambient.Core.Policies;

namespace Ambient.Policy.Requests.Checks;

/// <summary><c>issuer/subject</c>, split at the last slash, each part in the usual grammar; without slash <c>*x</c> is a subject, <c>x*</c> an issuer.</summary>
internal sealed class RequestPrincipalCheck(string field, ImmutableArray<string> values) : RequestCheck(field)
{
    private readonly ImmutableArray<(StringMatch Issuer, StringMatch Subject)> _values = [.. values.Select(Parse)];

    public override bool Holds(RequestSubject subject, string? path)
    {
        if (subject.Request.Token is not { } token)
        {
            return false;
        }

        foreach ((StringMatch issuer, StringMatch of) in _values)
        {
            if (issuer.Matches(token.Issuer) && of.Matches(token.Subject))
            {
                return true;
            }
        }

        return false;
    }

    private static (StringMatch Issuer, StringMatch Subject) Parse(string value)
    {
        int slash = value.LastIndexOf('/');
        return value == "*" ? (StringMatch.Presence, StringMatch.Presence)
            : slash >= 0 ? (StringMatch.Parse(value[..slash]), StringMatch.Parse(value[(slash + 1)..]))
            : value.StartsWith('*') ? (StringMatch.Presence, StringMatch.Parse(value))
            : (StringMatch.Parse(value), StringMatch.Presence);
    }
}
