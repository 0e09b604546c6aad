using System.Collections.Immutable;

namespace Ambient.Core.Egress;

/// <summary>What is seen on one port; one for port 0 stands for all ports that have none of their own.</summary>
public sealed record EgressListener(int Port, ImmutableArray<EgressHost> Hosts)
{
    public bool Sees(string @namespace, string host)
    {
        foreach (EgressHost seen in Hosts)
        {
            if (seen.Covers(@namespace, host))
            {
                return true;
            }
        }

        return false;
    }
}
