using System.Collections.Immutable;

namespace Ambient.Policy.Requests.Checks;

internal sealed class PathCheck(string field, ImmutableArray<PathPattern> values) : RequestCheck(field)
{
    public override bool Holds(RequestSubject subject, string? path)
    {
        if (path is null)
        {
            return false;
        }

        foreach (PathPattern value in values)
        {
            if (value.Matches(path))
            {
                return true;
            }
        }

        return false;
    }
}
