using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.OwnPolicies;

/// <summary>A RateLimitPolicy or BackendPolicy (ambient.dev/v1alpha1); what is in force when the newest version was refused is the last good one's.</summary>
/// <param name="Targets">Objects of its own namespace.</param>
/// <param name="Limits">Of a RateLimitPolicy.</param>
/// <param name="Backend">Of a BackendPolicy; null when there never was a good one.</param>
internal sealed record OwnPolicySource(
    SourceMeta Meta, ImmutableArray<ObjectKey> Targets, ImmutableArray<RateLimit> Limits, BackendSettings? Backend, Refusal? Refusal, ImmutableArray<Finding> Notes);
