using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Gateways.Listeners;

/// <summary>A listener with all that was decided about it.</summary>
/// <param name="Accepted">Beside the others and by itself; else nobody hears of it.</param>
/// <param name="Invalid">Why an accepted listener refuses all connections; null: it does not.</param>
/// <param name="Judged">Accepted, Conflicted and ResolvedRefs.</param>
internal sealed record ListenerPlan(
    ListenerSource Listener, bool Accepted, string? Invalid, ListenerTls? Tls, ImmutableArray<SecretSource> Certificates, ImmutableArray<Condition> Judged)
{
    public bool IsValid => Judged.All(static c => c.Type == Condition.Conflicted ? c.Status == "False" : c.Status != "False");

    public bool Serves => Accepted && Invalid is null;
}
