using Ambient.Core.Routes;

namespace Ambient.Routing.Rewriting;

/// <summary>
/// The order of header changes: those of the chosen backend, then those of the rule, which so have the last word; in each, remove before
/// set before add.
/// </summary>
public static class HeaderChanges
{
    public static void ApplyToRequest(HttpRule rule, WeightedBackend? backend, IHeaderEditor headers)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Apply(backend?.RequestHeaders, headers);
        Apply(rule.RequestHeaders, headers);
    }

    public static void ApplyToResponse(HttpRule rule, WeightedBackend? backend, IHeaderEditor headers)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Apply(backend?.ResponseHeaders, headers);
        Apply(rule.ResponseHeaders, headers);
    }

    private static void Apply(HeaderChange? change, IHeaderEditor headers)
    {
        if (change is null)
        {
            return;
        }

        foreach (string name in change.Remove)
        {
            headers.Remove(name);
        }

        foreach (HeaderValue header in change.Set)
        {
            headers.Replace(header.Name, header.Value);
        }

        foreach (HeaderValue header in change.Add)
        {
            headers.Append(header.Name, header.Value);
        }
    }
}
