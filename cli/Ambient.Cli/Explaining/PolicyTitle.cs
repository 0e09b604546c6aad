using Ambient.Core;
using Ambient.Policy;

namespace Ambient.Cli.Explaining;

/// <summary>What a person calls a policy: the resource that it came from, or the key that proxies know it by.</summary>
internal static class PolicyTitle
{
    public static (string Kind, NamespacedName Name) Of(PolicyVerdict verdict)
    {
        if (verdict.Origin is { } origin)
        {
            return (origin.Kind, new NamespacedName(origin.Namespace, origin.Name));
        }

        _ = NamespacedName.TryParse(verdict.PolicyKey, out NamespacedName name);
        return ("AuthorizationPolicy", name);
    }
}
