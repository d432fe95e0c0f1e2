using Jint.Native;
using Jint.Native.Object;
using K6.Embedded.Runtime;

namespace K6.Embedded.Modules;

/// <summary>A class of k6 that scripts call with <c>new</c>; its instances are made by the host.</summary>
internal sealed class HostClass : Constructor
{
    private readonly Func<JsValue[], ObjectInstance> make;
    private readonly JsObject prototype;
    private readonly bool isClassOfInstances;

    /// <summary>Makes the class.</summary>
    /// <param name="realm">Its realm.</param>
    /// <param name="name">Its name.</param>
    /// <param name="make">Makes an instance from the arguments.</param>
    /// <param name="isClassOfInstances">Whether <c>instanceof</c> finds its instances: k6's metrics are objects without a class.</param>
    public HostClass(VuRealm realm, string name, Func<JsValue[], ObjectInstance> make, bool isClassOfInstances = true)
        : base(realm.Engine, name)
    {
        this.make = make;
        this.isClassOfInstances = isClassOfInstances;
        prototype = new JsObject(realm.Engine);
        prototype.DefineOwnProperty("constructor", new Jint.Runtime.Descriptors.PropertyDescriptor(this, writable: true, enumerable: false, configurable: true));
        DefineOwnProperty("prototype", new Jint.Runtime.Descriptors.PropertyDescriptor(prototype, writable: false, enumerable: false, configurable: false));
    }

    /// <inheritdoc/>
    protected override JsValue Call(JsValue thisObject, JsValue[] arguments) => Construct(arguments, this);

    /// <inheritdoc/>
    public override ObjectInstance Construct(JsValue[] arguments, JsValue newTarget)
    {
        var instance = make(arguments);
        if (isClassOfInstances && instance is (JsObject or HostObject))
        {
            instance.Set("__proto__", prototype);
        }

        return instance;
    }
}
