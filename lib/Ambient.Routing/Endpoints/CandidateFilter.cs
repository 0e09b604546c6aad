using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Routing.Destinations;

namespace Ambient.Routing.Endpoints;

/// <summary>
/// Which endpoints of a service a source may use for a port: those that serve the port, have an address in the source's network or a name to resolve, are
/// healthy (unless the service takes all) and have capacity; of those the nearest by the service's preference.
/// STRICT keeps only endpoints that match every scope, FAILOVER the group that matches most.
/// </summary>
internal static class CandidateFilter
{
    public static Candidates Of(MeshService service, EndpointSet endpoints, int port, Workload source)
    {
        Tally tally = default;
        int best = service.Balancing.Mode == BalancingMode.Strict ? service.Balancing.Preference.Length : 0;
        ImmutableArray<Candidate>.Builder chosen = ImmutableArray.CreateBuilder<Candidate>();
        foreach (Workload endpoint in endpoints.All)
        {
            if (!tally.Admits(service, endpoint, port, source, out int target))
            {
                continue;
            }

            int rank = RankOf(service, endpoint, source);
            if (rank > best)
            {
                best = rank;
                chosen.Clear();
            }

            if (rank == best)
            {
                chosen.Add(new Candidate(endpoint, target));
            }
            else
            {
                tally.TooFar++;
            }
        }

        if (chosen.Count > 0)
        {
            return new Candidates(chosen.ToImmutable(), null, null);
        }

        (string code, string why) = tally.WhyNone(service, endpoints.Count, port);
        return new Candidates([], why, code);
    }

    public static bool Declares(MeshService service, int port)
    {
        foreach (ServicePort declared in service.Ports)
        {
            if (declared.Port == port)
            {
                return true;
            }
        }

        return false;
    }

    public static Candidates None(MeshService service, int port) => Declares(service, port)
        ? new([], $"service {service.Key} has no endpoints", RefusalCodes.NoHealthyEndpoint)
        : new([], $"service {service.Key} has no port {port}", RefusalCodes.NoSuchPort);

    private static int RankOf(MeshService service, Workload endpoint, Workload source) =>
        service.Balancing.Mode is BalancingMode.Strict or BalancingMode.Failover
            ? LocalityRank.Of(endpoint, source, service.Balancing.Preference)
            : 0;

    /// <summary>Counts why endpoints were left out, for the reason that a refusal gives.</summary>
    private struct Tally
    {
        public int TooFar;
        private int _unhealthy;
        private int _withoutCapacity;
        private int _otherNetwork;
        private int _withoutAddress;

        public bool Admits(MeshService service, Workload endpoint, int port, Workload source, out int target)
        {
            target = ServicePorts.TargetOf(service, endpoint.Services[service.Key], port) ?? 0;
            if (target == 0)
            {
                return false;
            }

            if (!string.Equals(endpoint.Network, source.Network, StringComparison.Ordinal))
            {
                _otherNetwork++;
            }
            else if (endpoint.Addresses.IsEmpty && !IsName(endpoint.Hostname))
            {
                _withoutAddress++;
            }
            else if (endpoint.Health == WorkloadHealth.Unhealthy && !service.Balancing.AllowUnhealthy)
            {
                _unhealthy++;
            }
            else if (endpoint.Capacity == 0)
            {
                _withoutCapacity++;
            }
            else
            {
                return true;
            }

            return false;
        }

        // A wildcard stands for whatever a request asks for, which only a waypoint sees.
        private static bool IsName(string hostname) => hostname.Length > 0 && hostname[0] != '*';

        public readonly (string Code, string Why) WhyNone(MeshService service, int endpoints, int port)
        {
            int serving = TooFar + _unhealthy + _withoutCapacity + _otherNetwork + _withoutAddress;
            if (serving == 0)
            {
                return (RefusalCodes.NoHealthyEndpoint, $"none of {endpoints} endpoints of service {service.Key} serves port {port}");
            }

            List<string> why = [];
            Add(_unhealthy, "not ready");
            Add(TooFar, "outside the locality that the service keeps to");
            Add(_withoutCapacity, "with weight 0");
            Add(_otherNetwork, "in another network, which is not reached yet");
            Add(_withoutAddress, "without an address");
            string code = serving == _otherNetwork ? RefusalCodes.OtherNetwork : RefusalCodes.NoHealthyEndpoint;
            return (code, $"service {service.Key} port {port} has no endpoint to take: {string.Join(", ", why)}");

            void Add(int count, string what)
            {
                if (count > 0)
                {
                    why.Add($"{count} {what}");
                }
            }
        }
    }
}
