using Ambient.Core;

namespace Ambient.Discovery.Subscribing;

/// <summary>Where updates go. Called by one task, one call at a time; must not block on the network.</summary>
public interface IMeshUpdateSink
{
    /// <summary>Applies what can be applied.</summary>
    /// <returns>The resources that were not; they are reported to the server and come again after a reconnect.</returns>
    IReadOnlyList<Rejection> Apply(MeshUpdate update);

    /// <summary>The first response of this type has been applied: the state is whole. Once a type.</summary>
    void Synced(string typeUrl);
}
