using System.Collections.Immutable;
using Ambient.Waypoint.Authorization;

namespace Ambient.Waypoint.Requests.Authorizing;

/// <summary>Where nobody can be asked, nobody is let in.</summary>
internal sealed class NoProviders : IAuthorizationProviders
{
    public ValueTask<ProviderAnswer> AskAsync(ImmutableArray<string> providers, ProviderQuestion question, CancellationToken stop) =>
        new(new ProviderAnswer { Allowed = false, Failed = true, Provider = providers[0], Reason = $"the authorization provider {providers[0]} is not known" });
}
