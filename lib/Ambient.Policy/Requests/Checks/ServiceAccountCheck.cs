using System.Collections.Immutable;
using Ambient.Core;

namespace Ambient.Policy.Requests.Checks;

/// <summary>Literal: neither dots nor stars mean anything but themselves (CVE-2026-39350).</summary>
internal sealed class ServiceAccountCheck(string field, ImmutableArray<string> values, string policyNamespace) : RequestCheck(field)
{
    private readonly ImmutableArray<NamespacedName> _values =
        [.. values.Select(v => NamespacedName.TryParse(v, out NamespacedName name) ? name : new NamespacedName(policyNamespace, v))];

    public override bool Holds(RequestSubject subject, string? path) =>
        subject.Identity is { } identity && _values.Contains(new NamespacedName(identity.Namespace, identity.ServiceAccount));
}
