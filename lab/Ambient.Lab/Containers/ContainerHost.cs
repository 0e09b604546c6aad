using Microsoft.Extensions.Logging;

namespace Ambient.Lab.Containers;

/// <summary>What a container's runner needs of its node and pod. <c>Pod</c> is <c>namespace/name</c>; <c>Grace</c> the pod's termination grace period.</summary>
internal sealed record ContainerHost(string Pod, TimeSpan Grace, TimeProvider Time, ILogger Logger);
