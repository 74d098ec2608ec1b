//! The smallest WebKitGTK browser that WebDriver can drive **and that keeps what it stores**:
//! `webkit-browser --automation FOLDER`. WebKit's own MiniBrowser forgets everything when it runs
//! under automation, so no journey could end it and start it again.
//!
//! The libraries are opened when it runs, so nothing of GTK is needed to compile the tests. Every
//! declaration below is copied from the headers of GTK 3 and WebKitGTK 4.1.

use std::{
    env,
    error::Error,
    ffi::{CStr, CString, c_char, c_int, c_uint, c_ulong, c_void},
    ptr::{null, null_mut},
    sync::OnceLock,
};

use libloading::{Library, Symbol};

/// A pointer to any GObject.
type Object = *mut c_void;

static LIBRARIES: OnceLock<[Library; 2]> = OnceLock::new();

fn main() -> Result<(), Box<dyn Error>> {
    let folder =
        env::args().next_back().filter(|arg| !arg.starts_with('-')).ok_or("which folder?")?;
    let data = CString::new(format!("{folder}/webkit"))?;
    let cache = CString::new(format!("{folder}/webkit-cache"))?;
    // SAFETY: loading these two libraries runs their constructors, which have no precondition.
    let libraries =
        unsafe { [Library::new("libgtk-3.so.0")?, Library::new("libwebkit2gtk-4.1.so.0")?] };
    if LIBRARIES.set(libraries).is_err() {
        unreachable!("main runs once");
    }
    // SAFETY: the signatures are those of the headers; everything happens on this one thread, after
    // `gtk_init`; the context lives until the process ends, since it is never released.
    unsafe {
        function::<unsafe extern "C" fn(*mut c_int, *mut c_void)>(c"gtk_init")(
            null_mut(),
            null_mut(),
        );
        let manager = function::<unsafe extern "C" fn(*const c_char, ...) -> Object>(
            c"webkit_website_data_manager_new",
        )(
            c"base-data-directory".as_ptr(),
            data.as_ptr(),
            c"base-cache-directory".as_ptr(),
            cache.as_ptr(),
            null::<c_char>(),
        );
        let context = function::<unsafe extern "C" fn(Object) -> Object>(
            c"webkit_web_context_new_with_website_data_manager",
        )(manager);
        function::<unsafe extern "C" fn(Object, c_int)>(
            c"webkit_web_context_set_automation_allowed",
        )(context, 1);
        connect(context, c"automation-started", automation_started as *const c_void);
        function::<unsafe extern "C" fn()>(c"gtk_main")();
    }
    Ok(())
}

/// `WebKitWebContext::automation-started`: a driver asks for a session.
unsafe extern "C" fn automation_started(context: Object, session: Object, _: *mut c_void) {
    // SAFETY: called by GLib with a live context and session.
    unsafe { connect_with(session, c"create-web-view", create_web_view as *const c_void, context) }
}

/// `WebKitAutomationSession::create-web-view`: the driver wants a window, or a tab, which is a window
/// here.
unsafe extern "C" fn create_web_view(_session: Object, context: Object) -> Object {
    // SAFETY: the type and property names are those of the documentation; the window owns the view.
    unsafe {
        let view_type = function::<unsafe extern "C" fn() -> usize>(c"webkit_web_view_get_type")();
        let view =
            function::<unsafe extern "C" fn(usize, *const c_char, ...) -> Object>(c"g_object_new")(
                view_type,
                c"web-context".as_ptr(),
                context,
                c"is-controlled-by-automation".as_ptr(),
                1 as c_int,
                null::<c_char>(),
            );
        let window = function::<unsafe extern "C" fn(c_uint) -> Object>(c"gtk_window_new")(0);
        function::<unsafe extern "C" fn(Object, c_int, c_int)>(c"gtk_window_set_default_size")(
            window, 412, 915,
        );
        function::<unsafe extern "C" fn(Object, Object)>(c"gtk_container_add")(window, view);
        connect(window, c"map-event", mapped as *const c_void);
        connect_with(view, c"close", close as *const c_void, window);
        function::<unsafe extern "C" fn(Object)>(c"gtk_widget_show_all")(window);
        view
    }
}

/// `GtkWidget::map-event`: the window is there. No window manager runs on the screen of the tests, so
/// it takes the keyboard by itself; without it, the page would believe that nobody looks.
unsafe extern "C" fn mapped(window: Object, _event: *mut c_void, _: *mut c_void) -> c_int {
    // SAFETY: called by GTK with a live window.
    unsafe { function::<unsafe extern "C" fn(Object)>(c"gtk_window_present")(window) };
    0
}

/// `WebKitWebView::close`.
unsafe extern "C" fn close(_view: Object, window: Object) {
    // SAFETY: the window is alive as long as the view in it.
    unsafe { function::<unsafe extern "C" fn(Object)>(c"gtk_widget_destroy")(window) }
}

/// # Safety
/// `handler` must have the signature of the signal.
unsafe fn connect(object: Object, signal: &CStr, handler: *const c_void) {
    // SAFETY: as promised by the caller.
    unsafe { connect_with(object, signal, handler, null_mut()) }
}

/// # Safety
/// As [`connect`]; `data` is the handler's last argument.
unsafe fn connect_with(object: Object, signal: &CStr, handler: *const c_void, data: *mut c_void) {
    type Connect = unsafe extern "C" fn(
        Object,
        *const c_char,
        *const c_void,
        *mut c_void,
        *const c_void,
        c_uint,
    ) -> c_ulong;
    // SAFETY: as promised by the caller.
    unsafe {
        function::<Connect>(c"g_signal_connect_data")(
            object,
            signal.as_ptr(),
            handler,
            data,
            null(),
            0,
        )
    };
}

/// # Safety
/// `F` must be the function's signature.
unsafe fn function<F: Copy>(name: &CStr) -> F {
    let libraries = LIBRARIES.get().expect("main has opened them");
    // SAFETY: as promised by the caller; the libraries are never closed.
    let found: Option<F> = libraries.iter().find_map(|library| {
        let symbol: Option<Symbol<'_, F>> = unsafe { library.get(name.to_bytes_with_nul()) }.ok();
        symbol.map(|symbol| *symbol)
    });
    found.unwrap_or_else(|| panic!("{name:?} is in neither library"))
}
