using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.ServiceProfiles;

/// <summary>
/// A ServiceProfile, read: the host is its name. Rules are complete but for their action. <paramref name="Overrides"/>: dstOverrides.
/// </summary>
internal sealed record ServiceProfileSource(
    SourceMeta Meta,
    string Host,
    ImmutableArray<HttpRule> Rules,
    ImmutableArray<WrittenDestination> Overrides,
    Refusal? Refusal,
    ImmutableArray<Finding> Notes);
