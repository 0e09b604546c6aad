using Ambient.Core.Policies;

namespace Ambient.Policy;

/// <summary>How policies are called in reasons: by the resource that a person wrote where it is known.</summary>
internal static class PolicyNames
{
    public static string Of(AuthorizationPolicy policy) => policy.Origin is { } origin
        ? $"{origin.Kind} {origin.Namespace}/{origin.Name}"
        : $"policy {policy.Key}";

    public static string OfRule(int rule) => $"rule {rule}";
}
