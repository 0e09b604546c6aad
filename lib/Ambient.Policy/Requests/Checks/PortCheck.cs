using System.Collections.Immutable;

namespace Ambient.Policy.Requests.Checks;

internal sealed class PortCheck(string field, ImmutableArray<int> values) : RequestCheck(field)
{
    public override bool Holds(RequestSubject subject, string? path) => values.Contains(subject.Request.Destination.Port);
}
