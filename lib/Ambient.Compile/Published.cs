using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Compile;

/// <summary>What was given out so far, by key, and the difference that new outputs make.</summary>
internal sealed class Published
{
    private readonly Dictionary<ObjectKey, UnitOutput> _outputs = [];
    private readonly KeyedState<Workload> _workloads = new(static w => w.Uid, SameContent.Workloads);
    private readonly KeyedState<MeshService> _services = new(static s => s.Key, SameContent.Services);
    private readonly KeyedState<AuthorizationPolicy> _policies = new(static p => p.Key, SameContent.Policies);
    private readonly KeyedState<ProxyResource> _resources = new(static r => r.ResourceName.ToString(), SameContentDeep.Same);
    private readonly KeyedState<NodeEnrolment> _enrolments = new(static e => e.Enrolment.PodUid, SameContent.Enrolments);
    private readonly Dictionary<ObjectKey, StatusReport> _status = [];
    private readonly Dictionary<ObjectKey, ImmutableArray<Finding>> _findings = [];

    /// <summary>What an object became last.</summary>
    public UnitOutput Of(ObjectKey key) => _outputs.GetValueOrDefault(key, UnitOutput.Nothing);

    /// <summary>Replaces the output of one object.</summary>
    public void Set(ObjectKey key, UnitOutput output)
    {
        var old = Of(key);
        if (ReferenceEquals(old, output))
        {
            return;
        }

        _workloads.Replace(old.Workloads, output.Workloads);
        _services.Replace(old.Services, output.Services);
        _policies.Replace(old.Policies, output.Policies);
        _resources.Replace(old.Resources, output.Resources);
        _enrolments.Replace(old.Enrolment is null ? [] : [old.Enrolment], output.Enrolment is null ? [] : [output.Enrolment]);
        if (output.Status != old.Status)
        {
            _status.Remove(key);
            if (output.Status is not null)
            {
                _status[key] = output.Status;
            }
            else if (!ReferenceEquals(output, UnitOutput.Nothing))
            {
                // The object is there and nothing is said about it any more: what was said is taken back.
                _status[key] = old.Status! with { Conditions = [], Parents = [], Listeners = [] };
            }
        }

        if (!output.Findings.SequenceEqual(old.Findings))
        {
            _findings[key] = output.Findings;
        }

        if (ReferenceEquals(output, UnitOutput.Nothing))
        {
            _outputs.Remove(key);
        }
        else
        {
            _outputs[key] = output;
        }
    }

    /// <summary>Everything since the last call.</summary>
    public CompileDelta Take(MeshSettings? settings)
    {
        var (workloads, goneWorkloads) = _workloads.Take();
        var (services, goneServices) = _services.Take();
        var (policies, gonePolicies) = _policies.Take();
        var (enrolments, goneEnrolments) = _enrolments.Take();
        var (resources, goneResources) = _resources.Take();
        var delta = new CompileDelta
        {
            Update = new MeshUpdate
            {
                Workloads = workloads,
                RemovedWorkloads = goneWorkloads,
                Services = services,
                RemovedServices = goneServices,
                Policies = policies,
                RemovedPolicies = gonePolicies,
                Enrolments = [.. enrolments.Select(static e => e.Enrolment)],
                RemovedEnrolments = goneEnrolments,
                Resources = resources,
                RemovedResources = [.. goneResources.Select(NameOf)],
                Settings = settings,
            },
            EnrolmentNodes = enrolments.ToImmutableDictionary(static e => e.Enrolment.PodUid, static e => e.Node),
            Status = [.. _status.OrderBy(static s => s.Key).Select(static s => s.Value)],
            Findings = _findings.ToImmutableDictionary(),
        };
        _status.Clear();
        _findings.Clear();
        return delta;
    }

    public CompileResult All(MeshSettings settings) => new()
    {
        Workloads = _workloads.All(),
        Services = _services.All(),
        Policies = _policies.All(),
        Resources = _resources.All(),
        Enrolments = _enrolments.All(),
        Settings = settings,
        Status = [.. _outputs.Where(static o => o.Value.Status is not null).OrderBy(static o => o.Key).Select(static o => o.Value.Status!)],
        Findings = [.. _outputs.OrderBy(static o => o.Key).SelectMany(static o => o.Value.Findings)],
    };

    private static ResourceName NameOf(string text) =>
        ResourceName.TryParse(text, out var name) ? name : throw new InvalidOperationException($"'{text}' names no resource");
}
