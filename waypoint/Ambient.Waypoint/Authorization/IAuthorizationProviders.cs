using System.Collections.Immutable;

namespace Ambient.Waypoint.Authorization;

/// <summary>Asks the authorization providers that CUSTOM policies name (<see cref="Ambient.Policy.Requests.RequestPolicySet.ProvidersFor"/>).</summary>
internal interface IAuthorizationProviders
{
    /// <summary>
    /// Asks one after the other; the first refusal is the answer. A name that nobody configured refuses. Never throws but for
    /// <paramref name="stop"/>; each provider's own timeout holds.
    /// </summary>
    ValueTask<ProviderAnswer> AskAsync(ImmutableArray<string> providers, ProviderQuestion question, CancellationToken stop);
}
