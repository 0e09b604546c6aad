using Ambient.Core.Identity;
using Ambient.Identity.Renewal;

namespace Ambient.Ztunnel.Enrolment;

/// <param name="svids">Holds them.</param>
/// <param name="dropped">Called after one was dropped.</param>
/// <summary>Keeps an SVID for each identity that a captured pod of the node has, and drops it with the last such pod.</summary>
internal sealed class IdentityUse(SvidManager svids, Action dropped)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SpiffeId, int> _uses = [];

    internal void Take(SpiffeId id)
    {
        lock (_gate)
        {
            _uses[id] = _uses.GetValueOrDefault(id) + 1;
        }

        svids.Watch(id);
    }

    internal void Return(SpiffeId id)
    {
        lock (_gate)
        {
            int left = _uses.GetValueOrDefault(id) - 1;
            if (left > 0)
            {
                _uses[id] = left;
                return;
            }

            _uses.Remove(id);
        }

        svids.Forget(id);
        dropped();
    }
}
